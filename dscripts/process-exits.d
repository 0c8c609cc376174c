#!/usr/sbin/dtrace -s
/*
 * process-exits.d - how processes end: exit status, or the signal that killed them.
 *
 * For: which child died, of what, and was there a core dump?
 * Arguments: none.
 * Habit of: Solaris. args[0] is one of the CLD_ codes of siginfo; pr_wstat is what wait(2) gives, the exit status in
 * the high byte or the signal in the low one.
 * On Linux: signal numbers are Linux's.
 *
 * Sample: d2bpf -s process-exits.d -c 'timeout 0.2 sleep 5'
 *
 *      PPID     PID PROCESS          REASON
 *      5849    5851 sleep            killed by signal 15
 *      5848    5849 timeout          exited, status 124
 */

#pragma D option quiet
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%7s %7s %-16s %s\n", "PPID", "PID", "PROCESS", "REASON");
}

proc:::exit
/args[0] == CLD_EXITED/
{
	printf("%7d %7d %-16s exited, status %d\n", ppid, pid, execname, (curpsinfo->pr_wstat >> 8) & 0xff);
}

proc:::exit
/args[0] != CLD_EXITED/
{
	printf("%7d %7d %-16s killed by signal %d%s\n", ppid, pid, execname, curpsinfo->pr_wstat & 0x7f,
	    args[0] == CLD_DUMPED ? ", core dumped" : "");
}
