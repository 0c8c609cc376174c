/* line 4: nothing is not a member of struct task_struct */
BEGIN
{
	trace(curthread->nothing);
}
