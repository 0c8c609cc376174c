#!/usr/sbin/dtrace -s
/*
 * sleeping-calls.d - system calls that are made to wait: how often, and for how long.
 *
 * For: programs that poll, with short sleeps, where they should be told.
 * Arguments: none.
 * Habit of: Solaris and FreeBSD.
 * On Linux: nanosleep stands for clock_nanosleep too, poll for ppoll, select for pselect6, epoll_wait for
 * epoll_pwait.
 *
 * Sample: d2bpf -s sleeping-calls.d -c 'timeout 1 top -b -d 0.1'
 *
 *   PROCESS          CALL                 COUNT      MEAN (us)     TOTAL (us)
 *   ...
 *   d2bpf            epoll_wait               5         202193        1010969
 *   top              pselect6                 7         102801         719612
 *   python3          epoll_wait               8         202954        1623634
 *   qemu-system-x86  ppoll                 1103           1621        1788460
 */

#pragma D option quiet

syscall::nanosleep:entry,
syscall::poll:entry,
syscall::select:entry,
syscall::epoll_wait:entry,
syscall::pause:entry
{
	self->asleep = timestamp;
}

syscall::nanosleep:return,
syscall::poll:return,
syscall::select:return,
syscall::epoll_wait:return,
syscall::pause:return
/self->asleep/
{
	@calls[execname, probefunc] = count();
	@mean[execname, probefunc] = avg((timestamp - self->asleep) / 1000);
	@total[execname, probefunc] = sum((timestamp - self->asleep) / 1000);
	self->asleep = 0;
}

dtrace:::END
{
	printf("%-16s %-16s %9s %14s %14s\n", "PROCESS", "CALL", "COUNT", "MEAN (us)", "TOTAL (us)");
	printa("%-16s %-16s %@9d %@14d %@14d\n", @calls, @mean, @total);
}
