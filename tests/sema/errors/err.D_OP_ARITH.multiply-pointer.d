/* line 4: operator * requires operands of arithmetic type */
BEGIN
{
	trace(curthread * 2);
}
