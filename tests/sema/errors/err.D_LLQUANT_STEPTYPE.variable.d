/* line 4: llquantize( ) argument #4 must be a non-zero positive integer constant */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, pid);
}
