/* line 4: lquantize( ) step (argument #3) too large: must have at least one quantization level */
BEGIN
{
	@a = lquantize(pid, 0, 10, 11);
}
