#!/usr/sbin/dtrace -s
/*
 * mmap-sizes.d - how much memory processes map, and in pieces of what size.
 *
 * For: who grows, and how?
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris.
 * On Linux: MAP_ANONYMOUS is 0x20 (0x100 on Solaris, 0x1000 on FreeBSD and macOS). Heaps also grow by brk, which is
 * not counted.
 *
 * Sample: d2bpf -s mmap-sizes.d sort -c 'sort -o /dev/null /var/lib/dpkg/status'
 *
 *   ...
 *   sort, memory (bytes)
 *              value  ------------- Distribution ------------- count
 *           16777216 |                                         0
 *           33554432 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1
 *           67108864 |                                         0
 */

#pragma D option quiet
#pragma D option defaultargs

inline int MAP_ANONYMOUS = 0x20;

syscall::mmap:entry
/$$1 == "" || execname == $$1/
{
	self->size = arg1;
	self->kind = arg3 & MAP_ANONYMOUS ? "memory" : "file";
}

syscall::mmap:return
/self->size && errno == 0/
{
	@size[execname, self->kind] = quantize(self->size);
}

syscall::mmap:return
{
	self->size = 0;
	self->kind = 0;
}

dtrace:::END
{
	printa("%s, %s (bytes)%@d\n", @size);
}
