/* line 4: operator ?: expression must be of scalar type */
BEGIN
{
	trace(execname ? 1 : 2);
}
