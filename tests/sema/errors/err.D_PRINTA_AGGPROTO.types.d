/* line 4: printa( ): @b[ ] key #1 is incompatible with @a:\n\t@a key #1: int\n\t@b key #1: string */
BEGIN
{
	@a[1] = count(); @b[execname] = count(); printa(@a, @b);
}
