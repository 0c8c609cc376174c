/* line 4: @a[ ] key #2 is incompatible with prototype:\n\tprototype: int\n\t      key: string */
BEGIN
{
	@a[pid, 1] = count(); @a[pid, execname] = count();
}
