/* line 4: printf( ) argument #2 is incompatible with conversion #1 prototype:\n\tconversion: % * d\n\t prototype: int\n\t  argument: string */
BEGIN
{
	printf("%*d", execname, 1);
}
