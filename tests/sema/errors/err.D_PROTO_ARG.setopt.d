/* line 4: setopt( ) argument #1 is incompatible with prototype:\n\tprototype: const char *\n\t argument: int */
BEGIN
{
	setopt(1);
}
