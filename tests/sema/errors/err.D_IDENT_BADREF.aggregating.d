/* line 4: aggregating function 'count' may not be referenced as scalar */
BEGIN
{
	trace(count);
}
