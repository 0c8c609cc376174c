/* line 4: index 100 is out of range for array uregs */
BEGIN
{
	trace(uregs[100]);
}
