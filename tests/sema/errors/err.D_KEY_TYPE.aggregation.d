/* line 4: aggregation expression may not be used as @a index: key #2 */
BEGIN
{
	@b = count(); @a[1, @b] = count();
}
