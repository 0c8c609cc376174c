/* line 4: printf( ) argument #2 is incompatible with conversion #1 prototype:\n\tconversion: %k\n\t prototype: stack\n\t  argument: int */
BEGIN
{
	printf("%k", 1);
}
