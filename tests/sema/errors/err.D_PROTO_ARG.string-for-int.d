/* line 4: substr( ) argument #2 is incompatible with prototype:\n\tprototype: int\n\t argument: string */
BEGIN
{
	trace(substr("a", "b"));
}
