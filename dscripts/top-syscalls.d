#!/usr/sbin/dtrace -s
/*
 * top-syscalls.d - the ten most frequent system calls, every N seconds.
 *
 * For: watching a machine while something goes on.
 * Arguments: seconds. top-syscalls.d 5
 * Habit of: Solaris and FreeBSD; the interval is part of the probe's name.
 * On Linux: the same.
 *
 * Sample: d2bpf -s top-syscalls.d 1 -c 'tar cf /tmp/sample.tar /usr/share/doc'
 *
 *   2026 Nov 22 15:37:56
 *   PROCESS          CALL                          COUNT
 *   tar              newfstatat                    16709
 *   tar              read                          15501
 *   tar              write                         11576
 *   qemu-system-x86  futex                          6417
 *   qemu-system-x86  openat                         5870
 *   qemu-system-x86  close                          5863
 *   ...
 */

#pragma D option quiet
#pragma D option aggsortrev

syscall:::entry
{
	@calls[execname, probefunc] = count();
}

profile:::tick-$1s
{
	trunc(@calls, 10);
	printf("%Y\n%-16s %-24s %10s\n", walltimestamp, "PROCESS", "CALL", "COUNT");
	printa("%-16s %-24s %@10d\n", @calls);
	printf("\n");
	trunc(@calls);
}
