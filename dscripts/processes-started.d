#!/usr/sbin/dtrace -s
/*
 * processes-started.d - every program that is started, with its arguments.
 *
 * For: what does this script, make or cron job really run?
 * Arguments: none.
 * Habit of: Solaris.
 * On Linux: pr_psargs is read from the process's memory: the arguments joined by blanks, the first 79 characters, as
 * ps -f shows there.
 *
 * Sample: d2bpf -s processes-started.d -c 'ldd /bin/ls'
 *
 *   TIME                   UID    PPID     PID ARGUMENTS
 *   2026 Nov 22 15:37:15     0    5934    5935 /lib64/ld-linux-x86-64.so.2 --version
 *   2026 Nov 22 15:37:15     0    5921    5936 /lib64/ld-linux-x86-64.so.2 --verify /bin/ls
 *   2026 Nov 22 15:37:15     0    5938    5939 /lib64/ld-linux-x86-64.so.2 /bin/ls
 */

#pragma D option quiet
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%-20s %5s %7s %7s %s\n", "TIME", "UID", "PPID", "PID", "ARGUMENTS");
}

proc:::exec-success
{
	printf("%-20Y %5d %7d %7d %s\n", walltimestamp, uid, ppid, pid, curpsinfo->pr_psargs);
}
