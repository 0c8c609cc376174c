/* line 4: undefined aggregation: @nothing */
BEGIN
{
	trunc(@nothing);
}
