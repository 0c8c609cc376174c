/* line 4: tracemem( ) argument #1 is incompatible with prototype:\n\tprototype: pointer or integer\n\t argument: string */
BEGIN
{
	tracemem(execname, 4);
}
