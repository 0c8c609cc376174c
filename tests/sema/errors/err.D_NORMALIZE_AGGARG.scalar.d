/* line 4: normalize( ) argument #1 is incompatible with prototype:\n\tprototype: aggregation\n\t argument: pid_t */
BEGIN
{
	normalize(pid, 2);
}
