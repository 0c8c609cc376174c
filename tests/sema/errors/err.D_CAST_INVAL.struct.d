/* line 4: invalid cast expression: "int" to "struct task_struct" */
BEGIN
{
	trace((struct task_struct)1);
}
