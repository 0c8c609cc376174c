#!/usr/sbin/dtrace -s
/*
 * syscall-times.d - what a process spends in its system calls: how many, how long, and how much of that on a CPU.
 *
 * For: where does the time of this one command go? ELAPSED minus CPU is what it waited.
 * Arguments: none; the process is that of -c or -p: d2bpf -s syscall-times.d -c 'ls -lR /etc'
 * Habit of: Solaris (truss -c) and macOS.
 * On Linux: what strace -c shows, without stopping the process at each call.
 *
 * Sample: d2bpf -s syscall-times.d -c 'ls -l /etc'
 *
 *   CALL                    COUNT   ERRORS   ELAPSED (us)       CPU (us)
 *   ...
 *   read                       11        0             23             23
 *   mmap                       13        0             79             79
 *   close                      29        0             91             91
 *   newfstatat                 32        0             25             25
 *   openat                     42       19            122            122
 *   statx                     139        0            213            213
 *   lgetxattr                 139      139            182            182
 *   getxattr                  205      205            220            220
 */

#pragma D option quiet

syscall:::entry
/pid == $target/
{
	self->start = timestamp;
	self->vstart = vtimestamp;
}

syscall:::return
/self->start/
{
	@calls[probefunc] = count();
	@elapsed[probefunc] = sum((timestamp - self->start) / 1000);
	@cpu[probefunc] = sum((vtimestamp - self->vstart) / 1000);
	@errors[probefunc] = sum(errno != 0);
	self->start = 0;
	self->vstart = 0;
}

dtrace:::END
{
	printf("%-20s %8s %8s %14s %14s\n", "CALL", "COUNT", "ERRORS", "ELAPSED (us)", "CPU (us)");
	printa("%-20s %@8d %@8d %@14d %@14d\n", @calls, @errors, @elapsed, @cpu);
}
