/* line 4: operator ~ requires an operand of integral type */
BEGIN
{
	trace(~execname);
}
