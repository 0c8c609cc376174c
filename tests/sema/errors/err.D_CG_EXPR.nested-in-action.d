/* line 4: exit( ) may not be called from a D expression (D program context required) */
BEGIN
{
	trace(exit(0));
}
