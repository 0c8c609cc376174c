/* line 4: lquantize( ) base (argument #1) doesn't match previous declaration: expected 0, found 1 */
BEGIN
{
	@a = lquantize(pid, 0, 10); @a = lquantize(pid, 1, 10);
}
