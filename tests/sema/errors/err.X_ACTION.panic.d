/* line 4: panic( ) cannot be translated: a BPF program cannot crash the kernel, and should not */
BEGIN
{
	panic();
}
