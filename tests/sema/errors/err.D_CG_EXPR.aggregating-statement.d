/* line 4: count( ) may not be called from a D expression (D program context required) */
BEGIN
{
	count();
}
