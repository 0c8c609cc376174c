/* line 4: operator - requires an operand of arithmetic type */
BEGIN
{
	trace(-execname);
}
