/* line 4: llquantize( ) argument #2 must be an unsigned 16-bit quantity */
BEGIN
{
	@a = llquantize(pid, 10, -1, 6, 20);
}
