/* line 4: llquantize( ) argument #3 must be an unsigned 16-bit quantity */
BEGIN
{
	@a = llquantize(pid, 10, 0, 65536, 20);
}
