/* line 4: expression has null effect: @a */
BEGIN
{
	@a;
}
