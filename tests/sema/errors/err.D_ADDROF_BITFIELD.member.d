/* line 4: cannot take address of bit-field */
BEGIN
{
	trace(&curthread->flags);
}
