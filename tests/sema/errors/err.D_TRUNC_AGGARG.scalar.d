/* line 4: trunc( ) argument #1 is incompatible with prototype:\n\tprototype: aggregation\n\t argument: pid_t */
BEGIN
{
	trunc(pid);
}
