/* line 4: lquantize( ) step (argument #3) doesn't match previous declaration: expected 1, found 2 */
BEGIN
{
	@a = lquantize(pid, 0, 10); @a = lquantize(pid, 0, 10, 2);
}
