/* line 4: @a must be assigned the result of an aggregating function */
BEGIN
{
	@a += count();
}
