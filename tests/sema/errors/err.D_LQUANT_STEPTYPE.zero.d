/* line 4: lquantize( ) argument #3 must be a non-zero positive integer constant */
BEGIN
{
	@a = lquantize(pid, 0, 10, 0);
}
