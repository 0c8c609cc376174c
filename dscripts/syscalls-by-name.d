#!/usr/sbin/dtrace -s
/*
 * syscalls-by-name.d - how often each system call is made.
 *
 * For: what does this program ask of the kernel, and does it ask too often?
 * Arguments: [process name]; without, the whole machine.
 * Habit of: all systems.
 * On Linux: calls have the kernel's names: newfstatat, clone3.
 *
 * Sample: d2bpf -s syscalls-by-name.d ls -c 'ls -l /etc'
 *
 *   CALL                          COUNT
 *   ...
 *   read                             11
 *   mmap                             13
 *   close                            29
 *   newfstatat                       32
 *   openat                           42
 *   lgetxattr                       139
 *   statx                           139
 *   getxattr                        205
 */

#pragma D option quiet
#pragma D option defaultargs

syscall:::entry
/$$1 == "" || execname == $$1/
{
	@calls[probefunc] = count();
}

dtrace:::END
{
	printf("%-24s %10s\n", "CALL", "COUNT");
	printa("%-24s %@10d\n", @calls);
}
