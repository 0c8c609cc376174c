/* line 4: lquantize( ) base (argument #1) must be less than limit (argument #2) */
BEGIN
{
	@a = lquantize(pid, 10, 10);
}
