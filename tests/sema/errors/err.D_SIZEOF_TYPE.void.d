/* line 4: cannot apply sizeof to an operand of unknown size */
BEGIN
{
	trace(sizeof (void));
}
