/* line 4: trace( ) prototype mismatch: 0 args passed, 1 expected */
BEGIN
{
	trace();
}
