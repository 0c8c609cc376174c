/* line 4: operator . cannot be applied to type "struct task_struct *"; must be applied to a struct or union */
BEGIN
{
	trace(curthread.pid);
}
