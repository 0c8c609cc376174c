/* line 4: lquantize( ) argument #2 must be an integer constant */
BEGIN
{
	@a = lquantize(pid, 0, pid);
}
