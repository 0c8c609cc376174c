/* line 4: llquantize() hmag (argument #3) doesn't match previous declaration: expected 6, found 5 */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 20); @a = llquantize(pid, 10, 0, 5, 20);
}
