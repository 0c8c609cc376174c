#!/usr/sbin/dtrace -s
/*
 * wakeups.d - who wakes whom.
 *
 * For: which process, timer or interrupt makes another go on: the pairs of programs that talk to each other.
 * Arguments: [process name] of those that are woken; without, all.
 * Habit of: Solaris.
 * On Linux: an interrupt wakes in the name of the process it interrupts, or of an idle CPU (swapper).
 *
 * Sample: d2bpf -s wakeups.d git -c 'git grep nosuchword'
 *
 *   WAKER                SLEEPER                   COUNT
 *   d2bpf                git                           1
 *   git                  git                         542
 */

#pragma D option quiet
#pragma D option defaultargs

sched:::wakeup
/$$1 == "" || args[1]->pr_fname == $$1/
{
	@wakeups[execname, args[1]->pr_fname] = count();
}

dtrace:::END
{
	printf("%-20s %-20s %10s\n", "WAKER", "SLEEPER", "COUNT");
	printa("%-20s %-20s %@10d\n", @wakeups);
}
