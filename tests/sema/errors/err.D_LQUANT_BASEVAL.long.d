/* line 4: lquantize( ) argument #1 must be a 32-bit quantity */
BEGIN
{
	@a = lquantize(pid, 0x100000000, 0x200000000);
}
