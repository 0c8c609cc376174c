/* line 4: operator + requires an operand of known size */
BEGIN
{
	trace(curthread->ops->run + 1);
}
