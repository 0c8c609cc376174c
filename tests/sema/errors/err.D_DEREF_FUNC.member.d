/* line 4: cannot dereference pointer to function */
BEGIN
{
	trace(*curthread->ops->run);
}
