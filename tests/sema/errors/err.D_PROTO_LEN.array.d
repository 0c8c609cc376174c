/* line 4: a[ ] prototype mismatch: 1 key passed, 2 expected */
BEGIN
{
	a[1, 2] = 1; trace(a[1]);
}
