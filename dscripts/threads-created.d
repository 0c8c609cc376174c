#!/usr/sbin/dtrace -s
/*
 * threads-created.d - how many threads each process makes, and how long they live.
 *
 * For: a server that makes a thread for each request where it should keep a pool.
 * Arguments: none.
 * Habit of: Solaris, where each thread is an lwp. A process begins with its first lwp: that one is not counted.
 * On Linux: tid is the number that top -H shows.
 *
 * Sample: d2bpf -s threads-created.d -c 'git grep nosuchword'
 *
 *   PROCESS              PID  THREADS
 *   git                24832        2
 *
 *     milliseconds that threads live
 *              value  ------------- Distribution ------------- count
 *                 16 |                                         0
 *                 32 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 2
 *                 64 |                                         0
 */

#pragma D option quiet

proc:::lwp-create
/args[1]->pr_pid == pid/
{
	@made[execname, pid] = count();
}

proc:::lwp-start
{
	self->born = timestamp;
}

proc:::lwp-exit
/self->born && tid != pid/
{
	@life["milliseconds that threads live"] = quantize((timestamp - self->born) / 1000000);
	self->born = 0;
}

dtrace:::END
{
	printf("%-16s %7s %8s\n", "PROCESS", "PID", "THREADS");
	printa("%-16s %7d %@8d\n", @made);
	printa(@life);
}
