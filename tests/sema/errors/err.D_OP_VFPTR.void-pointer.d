/* line 4: operator + requires an operand of known size */
BEGIN
{
	trace((void *)0 + 1);
}
