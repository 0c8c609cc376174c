/* line 4: kdebug_trace( ) cannot be translated: it writes to macOS' kdebug facility, which Linux does not have */
BEGIN
{
	kdebug_trace(1);
}
