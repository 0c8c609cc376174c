#!/usr/sbin/dtrace -s
/*
 * on-cpu-time.d - how long threads run before they leave the CPU, and how much in all, by process.
 *
 * For: who uses the CPUs, and in pieces of what size: short ones mean many waits, long ones that threads are made to
 * leave. Threads that were on a CPU all the time do not show; cpu-by-process.d sees them. Times are in microseconds.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris. self-> is the thread that comes at on-cpu, and the thread that leaves at off-cpu.
 * On Linux: the same; idle threads are left out by their process number, 0.
 *
 * Sample: d2bpf -s on-cpu-time.d dd -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *   dd: 11017 us on a CPU
 *              value  ------------- Distribution ------------- count
 *                  4 |                                         0
 *                  8 |                                         1
 *                 16 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@   492
 *                 32 |@                                        16
 *                 64 |                                         2
 *                128 |                                         1
 *                256 |                                         1
 *                512 |                                         0
 */

#pragma D option quiet
#pragma D option defaultargs

sched:::on-cpu
/pid != 0 && ($$1 == "" || execname == $$1)/
{
	self->came = timestamp;
}

sched:::off-cpu
/self->came/
{
	@run[execname] = quantize((timestamp - self->came) / 1000);
	@total[execname] = sum((timestamp - self->came) / 1000);
	self->came = 0;
}

dtrace:::END
{
	printa("%s: %@d us on a CPU%@d\n", @total, @run);
}
