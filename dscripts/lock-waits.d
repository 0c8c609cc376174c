#!/usr/sbin/dtrace -s
/*
 * lock-waits.d - waiting for locks of the kernel, by process and by what it wanted to do.
 *
 * For: processes that do not get faster with more processors, though each of them does little in the kernel.
 * Arguments: [NAME] of the processes to look at.
 * Habit of: Solaris, where it is lockstat(1M) without arguments.
 * On Linux: the kernel tells of waits only, not of locks that are free. Waits for locks of the process itself are calls
 * of futex: see futex-waits.d.
 *
 * Sample: d2bpf -s lock-waits.d contend -c './contend rwsem 20 5'
 *
 *   waits of contend (us), rw-block
 *
 *   vmlinux`rwsem_down_write_slowpath+0x588
 *   vmlinux`down_write+0x66
 *   vmlinux`shmem_file_write_iter+0x2c
 *
 *              value  ------------- Distribution ------------- count
 *               2048 |                                         0
 *               4096 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@     18
 *               8192 |@@@@                                     2
 *              16384 |                                         0
 */

#pragma D option quiet
#pragma D option defaultargs

lockstat:::adaptive-block,
lockstat:::adaptive-spin,
lockstat:::rw-block,
lockstat:::rw-spin,
lockstat:::spin-spin
/$$1 == "" || execname == $$1/
{
	@[execname, probename, stack(3)] = quantize(arg1 / 1000);
}

dtrace:::END
{
	printa("waits of %s (us), %s\n%k%@d\n", @);
}
