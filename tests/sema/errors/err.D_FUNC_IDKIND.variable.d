/* line 4: scalar 'pid' may not be referenced as a function */
BEGIN
{
	trace(pid(1));
}
