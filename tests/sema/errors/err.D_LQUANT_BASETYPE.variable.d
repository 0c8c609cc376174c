/* line 4: lquantize( ) argument #1 must be an integer constant */
BEGIN
{
	@a = lquantize(pid, pid, 10);
}
