/* line 4: denormalize( ) argument #1 is incompatible with prototype:\n\tprototype: aggregation\n\t argument: pid_t */
BEGIN
{
	denormalize(pid);
}
