/* line 4: printf( ) prototype mismatch: only 2 arguments required by this format string */
BEGIN
{
	printf("%d", 1, 2);
}
