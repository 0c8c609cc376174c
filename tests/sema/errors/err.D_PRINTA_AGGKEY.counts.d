/* line 4: printa( ): @a and @b do not have matching key signatures: @a has 2 keys, @b has 1 key */
BEGIN
{
	@a[1, 2] = count(); @b[1] = count(); printa(@a, @b);
}
