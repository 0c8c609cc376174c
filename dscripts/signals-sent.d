#!/usr/sbin/dtrace -s
/*
 * signals-sent.d - who sends which signal to whom.
 *
 * For: something kills my process; what?
 * Arguments: none.
 * Habit of: Solaris and FreeBSD.
 * On Linux: the numbers are Linux's. What the kernel sends (11 SIGSEGV, 14 SIGALRM) shows the process that was
 * running. A signal that its receiver ignores is not sent: 17 SIGCHLD shows only where a parent handles it.
 *
 * Sample: d2bpf -s signals-sent.d -c 'timeout 0.2 sleep 5'
 *
 *   TIME                     PID SENDER           SIGNAL  TO PID RECEIVER
 *   2026 Nov 22 15:35:15     758 python               14    4482 timeout
 *   2026 Nov 22 15:35:15    4482 timeout              15    4493 sleep
 *   2026 Nov 22 15:35:15    4493 sleep                17    4482 timeout
 */

#pragma D option quiet
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%-20s %7s %-16s %6s %7s %s\n", "TIME", "PID", "SENDER", "SIGNAL", "TO PID", "RECEIVER");
}

proc:::signal-send
{
	printf("%-20Y %7d %-16s %6d %7d %s\n", walltimestamp, pid, execname, args[2],
	    args[1]->pr_pid, args[1]->pr_fname);
}
