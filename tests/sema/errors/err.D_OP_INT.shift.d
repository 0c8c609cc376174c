/* line 4: operator << requires operands of integral type */
BEGIN
{
	trace(1 << execname);
}
