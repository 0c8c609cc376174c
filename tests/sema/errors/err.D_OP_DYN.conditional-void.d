/* line 4: operator ?: operands cannot be of dynamic type */
BEGIN
{
	trace(pid ? (void)1 : (void)2);
}
