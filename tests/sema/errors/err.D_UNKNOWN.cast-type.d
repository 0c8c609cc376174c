/* line 4: failed to resolve type struct nothing: Unknown type name */
BEGIN
{
	trace((struct nothing *)0);
}
