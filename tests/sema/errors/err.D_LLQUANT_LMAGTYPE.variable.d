/* line 4: llquantize( ) argument #2 must be an integer constant */
BEGIN
{
	@a = llquantize(pid, 10, pid, 6, 20);
}
