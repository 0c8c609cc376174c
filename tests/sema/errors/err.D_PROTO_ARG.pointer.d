/* line 4: mutex_owned( ) argument #1 is incompatible with prototype:\n\tprototype: struct mutex *\n\t argument: struct task_struct * */
BEGIN
{
	trace(mutex_owned(curthread));
}
