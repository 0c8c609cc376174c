/* line 4: sum( ) prototype mismatch: 0 args passed, 1 expected */
BEGIN
{
	@a = sum();
}
