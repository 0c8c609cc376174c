/* line 4: llquantize( ) argument #3 (high magnitude) must be at least argument #2 (low magnitude) */
BEGIN
{
	@a = llquantize(pid, 10, 3, 2, 20);
}
