#!/usr/sbin/dtrace -s
/*
 * futex-waits.d - time that threads wait for locks and condition variables, by process.
 *
 * For: threads that stand in each other's way. The address tells one lock from another.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris, where the calls are lwp_park and lwp_mutex_timedlock.
 * On Linux: all locks of programs wait in futex, by operations FUTEX_WAIT 0, FUTEX_LOCK_PI 6 and FUTEX_WAIT_BITSET
 * 9; flags above them (private, real-time clock) are masked. A lock that is free makes no call and does not show.
 *
 * Sample: d2bpf -s futex-waits.d git -c 'git grep nosuchword'
 *
 *   PROCESS              PID            ADDRESS    WAITS   TOTAL (us) LONGEST (us)
 *   git                 1957     0x7ffbf7524990        1           41           41
 *   git                 1957     0x55df31f9082c        1           86           86
 *   git                 1957     0x55df31f907a8        1         2058         2058
 *   git                 1957     0x55df31f90828        3         1258          862
 *   git                 1957     0x55df31f907ec       26         1967          744
 *   git                 1957     0x55df31f907e8       27         4187         1085
 *   git                 1957     0x55df31f90840       54         1881          899
 */

#pragma D option quiet
#pragma D option defaultargs

syscall::futex:entry
/($$1 == "" || execname == $$1) && ((arg1 & 0x7f) == 0 || (arg1 & 0x7f) == 6 || (arg1 & 0x7f) == 9)/
{
	self->lock = arg0;
	self->start = timestamp;
}

syscall::futex:return
/self->start/
{
	@waits[execname, pid, self->lock] = count();
	@total[execname, pid, self->lock] = sum((timestamp - self->start) / 1000);
	@longest[execname, pid, self->lock] = max((timestamp - self->start) / 1000);
	self->start = 0;
	self->lock = 0;
}

dtrace:::END
{
	printf("%-16s %7s %18s %8s %12s %12s\n", "PROCESS", "PID", "ADDRESS", "WAITS", "TOTAL (us)", "LONGEST (us)");
	printa("%-16s %7d %#18x %@8d %@12d %@12d\n", @waits, @total, @longest);
}
