#!/usr/sbin/dtrace -s
/*
 * cpu-by-process.d - who is on the CPUs, by samples: in user mode, in the kernel, idle.
 *
 * For: the first look at a busy machine. 97 samples a second of each CPU; idle CPUs show as process 0.
 * Arguments: none.
 * Habit of: Solaris and FreeBSD.
 * On Linux: the idle threads are called swapper; arg1 is the program counter in user mode, 0 in the kernel, as
 * everywhere.
 *
 * Sample: d2bpf -s cpu-by-process.d -c 'dd if=/dev/zero of=/dev/null bs=1M count=40000 status=none'
 *
 *       PID PROCESS           SAMPLES     USER   KERNEL
 *   ...
 *      6380 qemu-system-x86       100       96        4
 *      6279 qemu-system-x86       208      181       27
 *      6277 qemu-system-x86       218      193       25
 *      6289 qemu-system-x86       228      200       28
 */

#pragma D option quiet

profile:::profile-97
{
	@samples[pid, execname] = count();
	@user[pid, execname] = sum(arg1 != 0);
	@kernel[pid, execname] = sum(arg0 != 0);
}

dtrace:::END
{
	printf("%7s %-16s %8s %8s %8s\n", "PID", "PROCESS", "SAMPLES", "USER", "KERNEL");
	printa("%7d %-16s %@8d %@8d %@8d\n", @samples, @user, @kernel);
}
