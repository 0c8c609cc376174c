/* line 4: llquantize() steps (argument #4) doesn't match previous declaration: expected 20, found 10 */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 20); @a = llquantize(pid, 10, 0, 6, 10);
}
