#!/usr/sbin/dtrace -s
/*
 * page-faults.d - page faults by process: who touches memory for the first time, and in what way.
 *
 * For: a program that is slow to start, or slower the more it grows.
 * Arguments: none.
 * Habit of: Solaris, where vminfo:::as_fault counts them.
 * On Linux: the processor's exception is a tracepoint. Bit 1 of the error code says that it was a write, bit 0 that
 * the page was there, but not to be used so (copy on write).
 *
 * Sample: d2bpf -s page-faults.d -c 'sort -o /dev/null /var/lib/dpkg/status'
 *
 *   PROCESS              FAULTS     WRITES   PROTECTION
 *   python                   47         47            3
 *   d2bpf                    77         76           74
 *   sort                    230        205            1
 */

#pragma D option quiet

rawtp:exceptions::page_fault_user
{
	@all[execname] = count();
	@writes[execname] = sum((args[2] & 2) != 0);
	@protection[execname] = sum(args[2] & 1);
}

dtrace:::END
{
	printf("%-16s %10s %10s %12s\n", "PROCESS", "FAULTS", "WRITES", "PROTECTION");
	printa("%-16s %@10d %@10d %@12d\n", @all, @writes, @protection);
}
