/* line 4: msgdsize( ) cannot be translated: Linux has no STREAMS */
BEGIN
{
	x = msgdsize((void *)arg0);
}
