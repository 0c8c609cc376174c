/* line 4: undefined function name: frobnicate */
BEGIN
{
	frobnicate(1);
}
