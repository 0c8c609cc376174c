/* line 4: printf( ) argument #2 is incompatible with conversion #1 prototype:\n\tconversion: %Y\n\t prototype: int64_t\n\t  argument: int */
BEGIN
{
	printf("%Y", 1);
}
