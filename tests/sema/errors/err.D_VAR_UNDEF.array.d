/* line 4: self->a has not yet been declared or assigned */
BEGIN
{
	trace(self->a[1]);
}
