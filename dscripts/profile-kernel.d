#!/usr/sbin/dtrace -s
/*
 * profile-kernel.d - what the kernel does: the ten most frequent kernel stacks.
 *
 * For: much system time. 997 samples a second of each CPU that is in the kernel and not idle.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris, illumos: where arg0 is not 0, a CPU was in the kernel.
 * On Linux: the kernel's own code is vmlinux, where Solaris has unix and genunix.
 *
 * Sample: d2bpf -s profile-kernel.d dd -c 'dd if=/dev/zero of=/dev/null bs=1M count=40000 status=none'
 *
 *   ...
 *                 vmlinux`read_zero+0x77
 *                 vmlinux`vfs_read+0xbb
 *                 vmlinux`ksys_read+0x66
 *                 vmlinux`do_syscall_64+0x71
 *                 vmlinux`entry_SYSCALL_64_after_hwframe+0x76
 *                 704
 */

#pragma D option quiet
#pragma D option defaultargs

profile:::profile-997
/arg0 && pid != 0 && ($$1 == "" || execname == $$1)/
{
	@kernel[stack()] = count();
}

dtrace:::END
{
	trunc(@kernel, 10);
}
