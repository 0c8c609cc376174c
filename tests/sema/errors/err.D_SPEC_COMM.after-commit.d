/* line 4: speculate( ) may not follow commit( ) */
BEGIN
{
	commit(1); speculate(1);
}
