/* line 4: failed to resolve nothing: Unknown variable name */
BEGIN
{
	trace(nothing);
}
