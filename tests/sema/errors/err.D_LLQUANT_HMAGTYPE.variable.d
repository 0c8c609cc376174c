/* line 4: llquantize( ) argument #3 must be an integer constant */
BEGIN
{
	@a = llquantize(pid, 10, 0, pid, 20);
}
