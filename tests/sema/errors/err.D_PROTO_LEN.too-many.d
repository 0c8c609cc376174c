/* line 4: strlen( ) prototype mismatch: 2 args passed, 1 expected */
BEGIN
{
	trace(strlen("a", "b"));
}
