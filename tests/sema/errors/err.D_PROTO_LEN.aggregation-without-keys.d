/* line 4: @a[ ] prototype mismatch: 0 keys passed, 1 expected */
BEGIN
{
	@a[1] = count(); @a = count();
}
