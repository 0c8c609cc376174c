/* line 4: local variables may not be used as associative arrays: a */
BEGIN
{
	this->a[1] = 2;
}
