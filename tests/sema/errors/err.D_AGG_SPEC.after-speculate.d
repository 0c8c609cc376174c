/* line 4: aggregating actions may not follow speculate( ) */
BEGIN
{
	speculate(1); @a = count();
}
