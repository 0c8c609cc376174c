/* line 4: unacceptable operand for unary & operator */
BEGIN
{
	trace(&ENOENT);
}
