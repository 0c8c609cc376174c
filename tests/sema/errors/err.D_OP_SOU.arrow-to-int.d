/* line 4: operator -> cannot be applied to pointer to type "int"; must be applied to a struct or union pointer */
BEGIN
{
	x = &curthread->tgid; trace(x->y);
}
