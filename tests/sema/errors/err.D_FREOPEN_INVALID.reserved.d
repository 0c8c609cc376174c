/* line 4: freopen( ) argument #1 cannot be "" */
BEGIN
{
	freopen("\001");
}
