/* line 4: llquantize( ) argument #4 must be an unsigned 16-bit quantity */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 65536);
}
