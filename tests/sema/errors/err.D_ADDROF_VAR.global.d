/* line 4: cannot take address of dynamic variable */
BEGIN
{
	x = 1; trace(&x);
}
