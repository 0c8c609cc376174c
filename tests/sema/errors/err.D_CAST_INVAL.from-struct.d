/* line 4: invalid cast expression: "struct task_struct" to "int" */
BEGIN
{
	trace((int)*curthread);
}
