/* line 4: lquantize( ) argument #2 must be a 32-bit quantity */
BEGIN
{
	@a = lquantize(pid, 0, 0x100000000);
}
