/* line 4: function 'strlen' may not be referenced as scalar */
BEGIN
{
	trace(strlen);
}
