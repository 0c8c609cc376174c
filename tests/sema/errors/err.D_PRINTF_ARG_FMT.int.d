/* line 4: printf( ) argument #1 is incompatible with prototype:\n\tprototype: string constant\n\t argument: int */
BEGIN
{
	printf(1);
}
