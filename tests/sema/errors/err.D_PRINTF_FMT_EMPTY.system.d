/* line 4: system( ) format string is empty */
BEGIN
{
	system("");
}
