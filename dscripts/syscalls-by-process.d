#!/usr/sbin/dtrace -s
/*
 * syscalls-by-process.d - count system calls by process name and call, for three seconds.
 *
 * For: the first look at a machine: who is busy in the kernel, and with what?
 * Arguments: none. It ends by itself.
 * Habit of: all systems: it runs unchanged on each.
 * On Linux: calls have the kernel's names: newfstatat, clone3.
 *
 * Sample: d2bpf -s syscalls-by-process.d -c 'tar cf /tmp/sample.tar /usr/share'
 *
 *   Counting system calls for 3 seconds...
 *
 *   PROCESS          CALL                          COUNT
 *   ...
 *   qemu-system-x86  read                           6416
 *   qemu-system-x86  write                          9034
 *   qemu-system-x86  ppoll                          9760
 *   qemu-system-x86  close                         12571
 *   qemu-system-x86  openat                        12578
 *   qemu-system-x86  futex                         26093
 */

#pragma D option quiet

dtrace:::BEGIN
{
	printf("Counting system calls for 3 seconds...\n");
}

syscall:::entry
{
	@calls[execname, probefunc] = count();
}

profile:::tick-3s
{
	exit(0);
}

dtrace:::END
{
	printf("\n%-16s %-24s %10s\n", "PROCESS", "CALL", "COUNT");
	printa("%-16s %-24s %@10d\n", @calls);
}
