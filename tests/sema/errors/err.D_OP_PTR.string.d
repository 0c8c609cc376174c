/* line 4: operator -> must be applied to a pointer */
BEGIN
{
	trace(execname->x);
}
