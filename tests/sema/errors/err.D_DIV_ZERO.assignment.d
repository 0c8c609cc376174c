/* line 4: expression contains division by zero */
BEGIN
{
	x = 1; x /= 0;
}
