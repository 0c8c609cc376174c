/* line 4: improper attempt to reference @a as a multi-dimensional array */
BEGIN
{
	trace(@a[1][2]);
}
