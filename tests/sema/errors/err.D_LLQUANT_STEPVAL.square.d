/* line 4: llquantize() argument #4 (steps) must evenly divide the square of argument #1 (factor) when steps>factor and lmag==0 */
BEGIN
{
	@a = llquantize(pid, 10, 0, 6, 30);
}
