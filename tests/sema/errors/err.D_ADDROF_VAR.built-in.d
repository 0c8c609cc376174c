/* line 4: cannot take address of dynamic variable */
BEGIN
{
	trace(&pid);
}
