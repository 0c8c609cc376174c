/* line 4: cannot apply sizeof to a bit-field */
BEGIN
{
	trace(sizeof (curthread->flags));
}
