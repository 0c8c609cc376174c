/* line 4: format conversion #2 name expected before end of format string */
BEGIN
{
	printf("%d %", 1);
}
