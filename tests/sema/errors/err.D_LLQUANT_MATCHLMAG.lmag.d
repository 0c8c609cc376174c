/* line 4: llquantize() lmag (argument #2) doesn't match previous declaration: expected 0, found 1 */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 20); @a = llquantize(pid, 10, 1, 6, 20);
}
