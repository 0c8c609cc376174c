/* line 4: printf( ) argument #2 is incompatible with conversion #2 prototype:\n\tconversion: %d\n\t prototype: char, short, int, long, or long long\n\t  argument: string */
BEGIN
{
	printf("%% %d", execname);
}
