/* line 4: undefined aggregation: @nothing */
BEGIN
{
	clear(@nothing);
}
