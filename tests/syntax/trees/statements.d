BEGIN
{
	@ = count();
	@reads[execname, ustack(5)] = quantize(arg2);
	self->on[pid, "k"] = (this->t = timestamp) - 1;
	x ? printf("%*d\n", 5, x) : 1;
	x > 1 ? @a[x] = sum(x) : 1;
	if (x) y = 1; else if (z) { y = 2; ; } else y = 3;
	if (x) if (y) a(); else b();
	if (x) { } else c()
}
