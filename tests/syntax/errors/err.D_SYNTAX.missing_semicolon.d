#! line 4: syntax error near "y"
BEGIN
{
	x = 1
	y = 2;
}
