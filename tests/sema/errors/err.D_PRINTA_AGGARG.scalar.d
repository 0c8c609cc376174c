/* line 4: printa( ) argument #1 is incompatible with prototype:\n\tprototype: aggregation\n\t argument: pid_t */
BEGIN
{
	printa(pid);
}
