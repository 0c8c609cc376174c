#!/usr/sbin/dtrace -s
/*
 * off-cpu-time.d - how long threads are off the CPU before they come back, by process.
 *
 * For: a program that is slow without using the CPU. Times are in microseconds.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris. self-> is the thread that leaves at off-cpu, and the thread that comes at on-cpu.
 * On Linux: the same; idle threads are left out by their process number, 0.
 *
 * Sample: d2bpf -s off-cpu-time.d dd -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *   dd: 94590 us off the CPU
 *              value  ------------- Distribution ------------- count
 *                 16 |                                         0
 *                 32 |                                         2
 *                 64 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@    470
 *                128 |@                                        13
 *                256 |                                         4
 *                512 |@                                        7
 *               1024 |                                         4
 *               2048 |@                                        10
 *               4096 |                                         2
 *               8192 |                                         0
 */

#pragma D option quiet
#pragma D option defaultargs

sched:::off-cpu
/pid != 0 && ($$1 == "" || execname == $$1)/
{
	self->left = timestamp;
}

sched:::on-cpu
/self->left/
{
	@away[execname] = quantize((timestamp - self->left) / 1000);
	@total[execname] = sum((timestamp - self->left) / 1000);
	self->left = 0;
}

dtrace:::END
{
	printa("%s: %@d us off the CPU%@d\n", @total, @away);
}
