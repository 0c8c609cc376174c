#!/usr/sbin/dtrace -s
/*
 * interrupts.d - interrupts of devices: how many, on which CPU, and the time their handlers take.
 *
 * For: which device interrupts, and is one CPU handed all of them?
 * Arguments: none.
 * Habit of: Solaris, where interrupt-start has the driver's dev_info.
 * On Linux: it has the irqaction, which has a name. The time is that of the handler, not of the softirq that it may
 * ask for.
 *
 * Sample: d2bpf -s interrupts.d -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *    IRQ DEVICE                    CPU    COUNT      TIME (ns)
 *     36 virtio1-req.0               1      512        1518228
 */

#pragma D option quiet

sdt:::interrupt-start
{
	self->start = timestamp;
}

sdt:::interrupt-complete
/self->start/
{
	this->device = stringof(args[0]->name);
	@count[args[1], this->device, cpu] = count();
	@time[args[1], this->device, cpu] = sum(timestamp - self->start);
	self->start = 0;
}

dtrace:::END
{
	printf("%4s %-24s %4s %8s %14s\n", "IRQ", "DEVICE", "CPU", "COUNT", "TIME (ns)");
	printa("%4d %-24s %4d %@8d %@14d\n", @count, @time);
}
