/* line 4: index outside array bounds: 16, max is 15 */
BEGIN
{
	trace(curthread->comm[16]);
}
