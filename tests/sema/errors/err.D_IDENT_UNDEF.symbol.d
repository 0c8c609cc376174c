/* line 4: failed to resolve vmlinux`nothing: Unknown symbol name */
BEGIN
{
	trace(vmlinux`nothing);
}
