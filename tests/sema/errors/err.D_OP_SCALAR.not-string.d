/* line 4: operator ! requires an operand of scalar type */
BEGIN
{
	trace(!execname);
}
