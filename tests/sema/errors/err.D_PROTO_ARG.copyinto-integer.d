/* line 4: copyinto( ) argument #3 is incompatible with prototype:\n\tprototype: alloca pointer\n\t argument: int64_t */
BEGIN
{
	copyinto(arg0, 4, arg1);
}
