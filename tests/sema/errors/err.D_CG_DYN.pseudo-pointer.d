/* line 4: expression cannot evaluate to result of dynamic type */
BEGIN
{
	x = curperson;
}
