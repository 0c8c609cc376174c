/* line 4: operands have incompatible types: "struct task_struct *" == "struct ops *" */
BEGIN
{
	trace(curthread == curthread->ops);
}
