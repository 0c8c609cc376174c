/* line 4: llquantize( ) argument #1 must be an integer constant */
BEGIN
{
	@a = llquantize(pid, pid, 0, 6, 20);
}
