/* line 4: system( ) argument #2 is incompatible with conversion #1 prototype:\n\tconversion: %s\n\t prototype: char [] or string (or use stringof)\n\t  argument: int */
BEGIN
{
	system("kill %s", 1);
}
