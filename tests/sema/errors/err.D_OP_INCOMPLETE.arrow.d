/* line 4: operator -> cannot be applied to a forward declaration: no struct hidden definition is available */
BEGIN
{
	trace(curthread->hidden->x);
}
