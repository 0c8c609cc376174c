/* line 4: printm( ) argument #1 must be a non-zero positive integer constant */
BEGIN
{
	printm(pid, curthread);
}
