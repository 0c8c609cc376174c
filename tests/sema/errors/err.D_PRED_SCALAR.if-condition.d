/* line 4: predicate result must be of scalar type */
BEGIN
{
	if (execname) { trace(1); }
}
