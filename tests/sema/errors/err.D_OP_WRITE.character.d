/* line 4: operator = can only be applied to a writable variable */
BEGIN
{
	execname[0] = 'b';
}
