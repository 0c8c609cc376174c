/* line 4: operator % requires operands of integral type */
BEGIN
{
	trace(curthread % 2);
}
