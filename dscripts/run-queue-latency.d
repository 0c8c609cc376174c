#!/usr/sbin/dtrace -s
/*
 * run-queue-latency.d - how long threads that could run wait for a CPU.
 *
 * For: is the machine short of CPUs? What waits here is ready to work. Times are in microseconds.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris, illumos.
 * On Linux: a thread is queued when it is woken, when it is new, and when it is made to leave a CPU; that it moves
 * to another queue is not seen.
 *
 * Sample: d2bpf -s run-queue-latency.d git -c 'git grep nosuchword'
 *
 *   git (us)
 *              value  ------------- Distribution ------------- count
 *                  0 |                                         0
 *                  1 |@@@@@@@@@@@@@@@                          104
 *                  2 |@@@@@@@@                                 54
 *                  4 |@@@@@@@@@@                               67
 *                  8 |@@@@                                     25
 *                 16 |@                                        4
 *                 32 |                                         2
 *                 64 |                                         3
 *                128 |                                         0
 *                256 |                                         3
 *                512 |                                         3
 *               1024 |                                         0
 *               2048 |@                                        5
 *               4096 |                                         1
 *               8192 |                                         0
 */

#pragma D option quiet
#pragma D option defaultargs

sched:::enqueue
/$$1 == "" || args[1]->pr_fname == $$1/
{
	queued[args[0]->pr_lwpid] = timestamp;
}

sched:::dequeue
/queued[args[0]->pr_lwpid]/
{
	@wait[args[1]->pr_fname] = quantize((timestamp - queued[args[0]->pr_lwpid]) / 1000);
	queued[args[0]->pr_lwpid] = 0;
}

dtrace:::END
{
	printa("%s (us)%@d\n", @wait);
}
