/* line 4: printf( ) format string is empty */
BEGIN
{
	printf("");
}
