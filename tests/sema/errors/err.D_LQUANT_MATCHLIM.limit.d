/* line 4: lquantize( ) limit (argument #2) doesn't match previous declaration: expected 10, found 11 */
BEGIN
{
	@a = lquantize(pid, 0, 10); @a = lquantize(pid, 0, 11);
}
