/* line 4: operator ?: operands must have compatible types */
BEGIN
{
	trace(1 == pid ? curthread : execname);
}
