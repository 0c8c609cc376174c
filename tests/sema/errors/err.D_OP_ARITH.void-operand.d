/* line 4: operator + requires operands of arithmetic type */
BEGIN
{
	trace(1 + printf("a"));
}
