/* line 4: printa( ) argument #2 is incompatible with prototype:\n\tprototype: aggregation\n\t argument: int */
BEGIN
{
	printa("%d", 1);
}
