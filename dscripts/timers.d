#!/usr/sbin/dtrace -s
/*
 * timers.d - which functions of the kernel timers call, and how often.
 *
 * For: who wakes an idle machine: each line is a timer of a driver, of the scheduler, or of a process that sleeps
 * (hrtimer_wakeup).
 * Arguments: none.
 * Habit of: Solaris, where callouts do this work.
 * On Linux: precise timers (hrtimers) fire at their nanosecond, those of the wheel at a tick.
 *
 * Sample: d2bpf -s timers.d -c 'sleep 1'
 *
 *   PRECISE TIMER                                   COUNT
 *   vmlinux`timerfd_tmrproc                             1
 *   vmlinux`hrtimer_wakeup                            427
 *   vmlinux`tick_nohz_handler                         497
 *
 *   TIMER OF THE WHEEL                              COUNT
 *   vmlinux`blk_rq_timed_out_timer                      1
 *   vmlinux`mix_interrupt_randomness                    1
 *   vmlinux`call_rcu_tasks_generic_timer                4
 *   vmlinux`delayed_work_timer_fn                       7
 *   vmlinux`tcp_orphan_update                           9
 *   vmlinux`process_timeout                           116
 */

#pragma D option quiet

sdt:timer::hrtimer_expire_entry
{
	@precise[func((uintptr_t)args[2])] = count();
}

sdt:timer::timer_expire_entry
{
	@coarse[func((uintptr_t)args[2])] = count();
}

dtrace:::END
{
	printf("%-44s %8s\n", "PRECISE TIMER", "COUNT");
	printa("%-44a %@8d\n", @precise);
	printf("\n%-44s %8s\n", "TIMER OF THE WHEEL", "COUNT");
	printa("%-44a %@8d\n", @coarse);
}
