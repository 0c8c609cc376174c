/* line 4: clear( ) argument #1 is incompatible with prototype:\n\tprototype: aggregation\n\t argument: pid_t */
BEGIN
{
	clear(pid);
}
