/* line 4: void expression may not be used as @a index: key #2 */
BEGIN
{
	@a[1, copyout((void *)arg0, arg1, 4)] = count();
}
