/* line 4: data-recording actions may not follow commit( ) */
BEGIN
{
	commit(1); exit(1);
}
