/* line 4: stack( ) argument #1 must be a non-zero positive integer constant */
BEGIN
{
	stack(0);
}
