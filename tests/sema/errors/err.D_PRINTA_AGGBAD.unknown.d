/* line 4: undefined aggregation: @nothing */
BEGIN
{
	printa(@nothing);
}
