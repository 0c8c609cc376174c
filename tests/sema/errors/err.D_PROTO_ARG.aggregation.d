/* line 4: strlen( ) argument #1 is incompatible with prototype:\n\tprototype: const char *\n\t argument: aggregation */
BEGIN
{
	trace(strlen(@a));
}
