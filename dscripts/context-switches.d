#!/usr/sbin/dtrace -s
/*
 * context-switches.d - how often threads leave the CPU: because they wait, or because they have to.
 *
 * For: many SLEEPS: the program waits; many PREEMPTS: there are too few CPUs for it.
 * Arguments: none.
 * Habit of: Solaris and FreeBSD.
 * On Linux: both come from the one event of a context switch.
 *
 * Sample: d2bpf -s context-switches.d -c 'git grep nosuchword'
 *
 *   PROCESS              PID   SWITCHES     SLEEPS   PREEMPTS
 *   ...
 *   rcu_preempt           15          4          4          0
 *   rm                  6248          4          4          0
 *   qemu-system-x86     6289          7          6          1
 *   qemu-system-x86     6282         22         15          7
 *   qemu-system-x86     6279         33          6         27
 *   git                 6381        713        367        346
 */

#pragma D option quiet

sched:::sleep
/pid != 0/
{
	@all[execname, pid] = count();
	@sleeps[execname, pid] = count();
}

sched:::preempt
{
	@all[execname, pid] = count();
	@preempts[execname, pid] = count();
}

dtrace:::END
{
	printf("%-16s %7s %10s %10s %10s\n", "PROCESS", "PID", "SWITCHES", "SLEEPS", "PREEMPTS");
	printa("%-16s %7d %@10d %@10d %@10d\n", @all, @sleeps, @preempts);
}
