/* line 4: format conversion #1 is undefined: %n */
BEGIN
{
	printf("%n", 1);
}
