/* line 4: breakpoint( ) cannot be translated: a BPF program cannot enter a kernel debugger */
BEGIN
{
	breakpoint();
}
