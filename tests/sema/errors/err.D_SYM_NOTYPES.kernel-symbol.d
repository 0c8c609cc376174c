/* line 4: no symbolic type information is available for `untyped: Module does not contain any CTF data */
BEGIN
{
	trace(`untyped);
}
