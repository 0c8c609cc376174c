#!/usr/sbin/dtrace -s
/*
 * off-cpu-stacks.d - where in the kernel threads wait, and for how long: the ten costliest stacks.
 *
 * For: a program that is slow without using the CPU: this says what it waits for. The values are microseconds.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris, illumos. The thread that comes back on a CPU still stands where it left.
 * On Linux: the same; idle threads are left out by their process number, 0.
 *
 * Sample: d2bpf -s off-cpu-stacks.d dd -c 'dd if=/dev/zero of=/tmp/sample bs=64k count=200 conv=fsync status=none'
 *
 *   ...
 *     dd
 *                 vmlinux`__schedule+0x4bf
 *                 vmlinux`__cond_resched+0x35
 *                 vmlinux`generic_perform_write+0x14d
 *                 vmlinux`ext4_buffered_write_iter+0x68
 *                 vmlinux`vfs_write+0x22f
 *                 vmlinux`ksys_write+0x66
 *                 vmlinux`do_syscall_64+0x71
 *                 vmlinux`entry_SYSCALL_64_after_hwframe+0x76
 *               27925
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
	@waited[execname, stack()] = sum((timestamp - self->left) / 1000);
	self->left = 0;
}

dtrace:::END
{
	trunc(@waited, 10);
}
