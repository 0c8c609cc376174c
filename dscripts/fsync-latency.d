#!/usr/sbin/dtrace -s
/*
 * fsync-latency.d - how long programs wait until their data are safe on disk.
 *
 * For: databases, mail servers, package managers: this is what limits them. Times are in microseconds.
 * Arguments: none.
 * Habit of: FreeBSD and macOS; on Solaris both calls are one, fdsync.
 * On Linux: fsync and fdatasync. What is open with O_SYNC makes neither: see rw-latency.d.
 *
 * Sample: d2bpf -s fsync-latency.d -c 'dd if=/dev/zero of=/tmp/sample bs=64k count=200 conv=fsync status=none'
 *
 *   dd, fsync (us)
 *              value  ------------- Distribution ------------- count
 *               2048 |                                         0
 *               4096 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1
 *               8192 |                                         0
 */

#pragma D option quiet

syscall::fsync:entry,
syscall::fdatasync:entry
{
	self->start = timestamp;
}

syscall::fsync:return,
syscall::fdatasync:return
/self->start/
{
	@time[execname, probefunc] = quantize((timestamp - self->start) / 1000);
	self->start = 0;
}

dtrace:::END
{
	printa("%s, %s (us)%@d\n", @time);
}
