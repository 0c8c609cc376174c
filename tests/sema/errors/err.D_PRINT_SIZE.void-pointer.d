/* line 4: print( ) argument #1 reference has type 'void' with size 0; cannot print( ) it. */
BEGIN
{
	print((void *)curthread);
}
