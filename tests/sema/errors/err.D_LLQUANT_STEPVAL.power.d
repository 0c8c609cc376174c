/* line 4: llquantize() argument #4 (steps) must evenly divide pow(argument #1 (factor), lmag (argument #2) + 1) when steps>factor and lmag>0 */
BEGIN
{
	@a = llquantize(pid, 10, 1, 6, 30);
}
