/* line 4: printf( ) may not be called from a D expression (D program context required) */
BEGIN
{
	x = printf("a");
}
