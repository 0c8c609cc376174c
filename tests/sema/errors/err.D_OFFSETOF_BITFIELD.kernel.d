/* line 4: cannot take offset of a bit-field: flags */
BEGIN
{
	trace(offsetof(struct task_struct, flags));
}
