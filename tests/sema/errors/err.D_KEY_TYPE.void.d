/* line 4: void expression may not be used as @a index: key #1 */
BEGIN
{
	@a[(void)1] = count();
}
