/* line 4: action cannot be used in a conditional context */
BEGIN
{
	pid == 0 ? trace(1) : trace(2);
}
