/* line 4: llquantize() argument #4 (steps) must evenly divide argument #1 (factor) when steps<factor */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 3);
}
