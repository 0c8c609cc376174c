/* line 4: x has not yet been declared or assigned */
BEGIN
{
	x = x + 1;
}
