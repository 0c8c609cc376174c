/* line 4: operator |= requires operands of integral type */
BEGIN
{
	x = curthread; x |= 1;
}
