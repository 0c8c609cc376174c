/* line 4: lquantize( ) step (argument #3) too small: number of quantization levels must be a 16-bit quantity */
BEGIN
{
	@a = lquantize(pid, 0, 65536);
}
