/* line 4: expression contains division by zero */
BEGIN
{
	trace(7 / (3 - 3));
}
