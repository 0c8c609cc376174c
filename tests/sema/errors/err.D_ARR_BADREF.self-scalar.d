/* line 4: cannot access x as an associative array */
BEGIN
{
	self->x = 1; trace(self->x[2]);
}
