/* line 4: trace( ) may not be applied to a dynamic expression */
BEGIN
{
	trace(curperson);
}
