/* line 4: lquantize( ) argument #3 must be a 16-bit quantity */
BEGIN
{
	@a = lquantize(pid, 0, 1000000, 65536);
}
