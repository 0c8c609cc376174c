/* line 4: llquantize( ) argument #1 must be an unsigned 16-bit quantity greater than or equal to 2 */
BEGIN
{
	@a = llquantize(pid, 1, 0, 6, 20);
}
