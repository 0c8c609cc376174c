#!/usr/sbin/dtrace -s
/*
 * slow-syscalls.d - system calls that take longer than they should, one by one.
 *
 * For: a program that hangs now and then; what does it wait for?
 * Arguments: [milliseconds] from which on a call is slow; 10 without. [process name]; all without.
 * Habit of: Solaris, illumos, FreeBSD, macOS: nothing here is of one system.
 * On Linux: calls that are made to wait (poll, futex, nanosleep) are slow by nature.
 *
 * Sample: d2bpf -s slow-syscalls.d 1 dd -c 'dd if=/dev/zero of=/tmp/sample bs=64k count=200 conv=fsync status=none'
 *
 *       PID PROCESS          CALL                    TIME (ms)    ERR
 *      4645 dd               openat                      4.563      0
 *      4645 dd               write                       5.959      0
 *      4645 dd               fsync                      22.875      0
 */

#pragma D option quiet
#pragma D option defaultargs
#pragma D option switchrate=10hz

inline uint64_t SLOW = ($1 ? $1 : 10) * 1000000ULL;

dtrace:::BEGIN
{
	printf("%7s %-16s %-20s %12s %6s\n", "PID", "PROCESS", "CALL", "TIME (ms)", "ERR");
}

syscall:::entry
/$$2 == "" || execname == $$2/
{
	self->entered = timestamp;
}

syscall:::return
/self->entered && timestamp - self->entered >= SLOW/
{
	this->us = (timestamp - self->entered) / 1000;
	printf("%7d %-16s %-20s %8d.%03d %6d\n", pid, execname, probefunc, this->us / 1000, this->us % 1000, errno);
}

syscall:::return
/self->entered/
{
	self->entered = 0;
}
