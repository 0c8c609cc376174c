/* line 4: array 'uregs' may not be referenced as scalar */
BEGIN
{
	trace(uregs);
}
