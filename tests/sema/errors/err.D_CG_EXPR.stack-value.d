/* line 4: stack( ) may not be called from a D expression (D program context required) */
BEGIN
{
	x = stack();
}
