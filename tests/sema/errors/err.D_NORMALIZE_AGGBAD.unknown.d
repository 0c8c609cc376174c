/* line 4: undefined aggregation: @nothing */
BEGIN
{
	normalize(@nothing, 2);
}
