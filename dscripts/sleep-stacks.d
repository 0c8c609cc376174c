#!/usr/sbin/dtrace -s
/*
 * sleep-stacks.d - where a program goes to sleep: kernel and user stacks of its threads, and how often.
 *
 * For: which line of the program makes it wait, and for what in the kernel.
 * Arguments: process name.
 * Habit of: Solaris. sleep fires when a thread gives up the CPU of its own will, preempt when it has to.
 * On Linux: user stacks need programs with frame pointers: see profile-user.d.
 *
 * Sample: d2bpf -s sleep-stacks.d worker-0 -c 'build/triggers/threads 1 5 20'
 *
 *                 vmlinux`__schedule+0x618
 *                 vmlinux`schedule+0x23
 *                 vmlinux`do_nanosleep+0x5e
 *                 vmlinux`hrtimer_nanosleep+0x74
 *                 vmlinux`common_nsleep+0x30
 *                 vmlinux`__x64_sys_clock_nanosleep+0xce
 *                 vmlinux`do_syscall_64+0x71
 *                 vmlinux`entry_SYSCALL_64_after_hwframe+0x76
 *
 *                 libc.so.6`clock_nanosleep+0x65
 *                 threads`work+0x4d
 *                 libc.so.6`0x7ffa602af1f5
 *                  20
 */

#pragma D option quiet

sched:::sleep
/execname == $$1/
{
	@sleeps[stack(), ustack()] = count();
}

dtrace:::END
{
	trunc(@sleeps, 10);
}
