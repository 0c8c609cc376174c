/* line 4: failed to resolve machtimestamp: Unknown variable name */
BEGIN
{
	trace(machtimestamp);
}
