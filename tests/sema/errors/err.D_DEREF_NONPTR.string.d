/* line 4: cannot dereference non-pointer type */
BEGIN
{
	trace(*execname);
}
