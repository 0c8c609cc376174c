/* line 4: operands have incompatible types: "struct task_struct" == "struct task_struct" */
BEGIN
{
	trace(*curthread == *curthread);
}
