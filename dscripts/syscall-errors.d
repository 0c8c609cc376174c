#!/usr/sbin/dtrace -s
/*
 * syscall-errors.d - system calls that fail, by process, call and errno.
 *
 * For: the first look at a program that does not work and does not say why.
 * Arguments: none.
 * Habit of: Solaris.
 * On Linux: the kernel returns the negative errno; scripts see -1 and errno, as everywhere else. Numbers are
 * Linux's.
 *
 * Sample: d2bpf -s syscall-errors.d -c 'git log'
 *
 *   PROCESS          CALL                      ERRNO      COUNT
 *   git              access                        2          3
 *   git              ioctl                        25          4
 *   ...
 *   git              openat                        2         15
 *   git              newfstatat                    2         27
 */

#pragma D option quiet

syscall:::return
/errno != 0/
{
	@errors[execname, probefunc, errno] = count();
}

dtrace:::END
{
	printf("%-16s %-24s %6s %10s\n", "PROCESS", "CALL", "ERRNO", "COUNT");
	printa("%-16s %-24s %6d %@10d\n", @errors);
}
