#!/usr/sbin/dtrace -s
/*
 * connects.d - connect() calls by process, address family and result.
 *
 * For: which programs reach out, how, and with what result? ERR is the errno, 0 when connected.
 * Arguments: none.
 * Habit of: Solaris.
 * On Linux: address families have other numbers on each system (AF_INET6: 26 on Solaris, 28 on FreeBSD, 10 here), so
 * the script says names. Errors are Linux's: 111 refused, 115 in progress, which is none for a socket that does not
 * block.
 *
 * Sample: d2bpf -s connects.d -c 'curl -s http://127.0.0.1:9/ http://[::1]:9/'
 *
 *   PROCESS          FAMILY    ERR    COUNT
 *   curl             IPv4      115        1
 *   curl             IPv6      115        1
 *   curl             local       2        2
 */

#pragma D option quiet

syscall::connect:entry
{
	this->address = (struct sockaddr *)copyin(arg1, sizeof (struct sockaddr));
	self->family = this->address->sa_family;
	self->connecting = 1;
}

syscall::connect:return
/self->connecting/
{
	@connects[execname, self->family == AF_INET ? "IPv4" : self->family == AF_INET6 ? "IPv6" :
	    self->family == AF_UNIX ? "local" : "other", errno] = count();
	self->connecting = 0;
	self->family = 0;
}

dtrace:::END
{
	printf("%-16s %-8s %4s %8s\n", "PROCESS", "FAMILY", "ERR", "COUNT");
	printa("%-16s %-8s %4d %@8d\n", @connects);
}
