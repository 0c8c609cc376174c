/* line 4: invalid cast expression: "string" to "int" */
BEGIN
{
	trace((int)execname);
}
