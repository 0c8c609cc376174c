/* line 4: operator ?: expression must be of scalar type */
BEGIN
{
	execname ? trace(1) : trace(2);
}
