/* line 4: operator && requires operands of scalar type */
BEGIN
{
	trace(1 && execname);
}
