/* line 4: quantize( ) increment value (argument #2) must be of scalar type */
BEGIN
{
	@a = quantize(1, execname);
}
