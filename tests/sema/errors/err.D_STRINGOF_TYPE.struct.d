/* line 4: cannot apply stringof to a value of type struct task_struct */
BEGIN
{
	trace(stringof(*curthread));
}
