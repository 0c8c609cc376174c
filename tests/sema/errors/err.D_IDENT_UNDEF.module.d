/* line 4: failed to resolve nosuch`jiffies: Unknown module name */
BEGIN
{
	trace(nosuch`jiffies);
}
