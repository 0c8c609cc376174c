/* line 4: printa( ) prototype mismatch: 1 arg passed, at least 2 expected */
BEGIN
{
	printa("x");
}
