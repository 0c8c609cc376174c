/* line 4: printm( ) argument #2 is incompatible with prototype:\n\tprototype: pointer\n\t argument: string */
BEGIN
{
	printm(4, execname);
}
