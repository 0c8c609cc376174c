/* line 4: msgsize( ) cannot be translated: Linux has no STREAMS */
BEGIN
{
	trace(msgsize(curthread));
}
