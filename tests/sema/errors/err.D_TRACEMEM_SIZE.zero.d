/* line 4: tracemem( ) argument #2 must be a non-zero positive integer constant */
BEGIN
{
	tracemem(curthread, 0);
}
