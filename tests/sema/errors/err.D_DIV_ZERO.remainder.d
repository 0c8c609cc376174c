/* line 4: expression contains division by zero */
BEGIN
{
	trace(pid % 0);
}
