/* line 4: tracing function 'printf' may not be referenced as scalar */
BEGIN
{
	trace(printf);
}
