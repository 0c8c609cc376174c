#!/usr/sbin/dtrace -s
/*
 * rw-latency.d - how long read and write calls take, by process.
 *
 * For: is it the disk, the cache or the network that a program waits for? Its reads fall into separate heaps. Times
 * are in nanoseconds.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris; the first script that many people write.
 * On Linux: the same.
 *
 * Sample: d2bpf -s rw-latency.d tar -c 'tar cf /tmp/sample.tar /etc'
 *
 *   tar, read (ns)
 *              value  ------------- Distribution ------------- count
 *                256 |                                         0
 *                512 |                                         1
 *               1024 |@@@@@@@@@@@@@@@@@@@@@@@@@                273
 *               2048 |@@@@@@@@@@@@@@                           148
 *               4096 |@                                        9
 *               8192 |                                         0
 *
 *   tar, write (ns)
 *              value  ------------- Distribution ------------- count
 *                256 |                                         0
 *                512 |                                         1
 *               1024 |                                         1
 *               2048 |                                         0
 *               4096 |                                         0
 *               8192 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@         165
 *              16384 |@@@@@@                                   31
 *              32768 |@                                        4
 *              65536 |                                         2
 *             131072 |                                         0
 */

#pragma D option quiet
#pragma D option defaultargs

syscall::read:entry,
syscall::write:entry
/$$1 == "" || execname == $$1/
{
	self->start = timestamp;
}

syscall::read:return,
syscall::write:return
/self->start/
{
	@time[execname, probefunc] = quantize(timestamp - self->start);
	self->start = 0;
}

dtrace:::END
{
	printa("%s, %s (ns)%@d\n", @time);
}
