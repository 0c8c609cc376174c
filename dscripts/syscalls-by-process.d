#!/usr/sbin/dtrace -s
/*
 * syscalls-by-process.d - count system calls by process name and call, for three seconds.
 *
 * For: the first look at a machine: who is busy in the kernel, and with what?
 * Runs unchanged on: Solaris, illumos, FreeBSD, macOS, Linux.
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
