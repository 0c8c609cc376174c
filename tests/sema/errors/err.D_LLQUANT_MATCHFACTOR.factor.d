/* line 4: llquantize() factor (argument #1) doesn't match previous declaration: expected 10, found 20 */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 20); @a = llquantize(pid, 20, 0, 6, 20);
}
