/* line 4: llquantize( ) argument #3 (high magnitude) will cause overflow of 64 bits */
BEGIN
{
	@a = llquantize(pid, 10, 0, 19, 20);
}
