/* line 4: destructive actions may not follow speculate( ) */
BEGIN
{
	speculate(1); copyout(alloca(1), 0, 1);
}
