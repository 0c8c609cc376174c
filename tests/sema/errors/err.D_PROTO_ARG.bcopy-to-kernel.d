/* line 4: bcopy( ) argument #2 is incompatible with prototype:\n\tprototype: alloca pointer\n\t argument: struct task_struct * */
BEGIN
{
	bcopy(curthread, curthread, 4);
}
