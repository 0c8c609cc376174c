/* line 4: a[ ] key #1 is incompatible with prototype:\n\tprototype: string\n\t      key: int */
BEGIN
{
	a["x"] = 1; trace(a[1]);
}
