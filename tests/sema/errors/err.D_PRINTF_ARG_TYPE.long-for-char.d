/* line 4: printf( ) argument #2 is incompatible with conversion #1 prototype:\n\tconversion: %c\n\t prototype: char, short, or int\n\t  argument: uint64_t */
BEGIN
{
	printf("%c", timestamp);
}
