#!/usr/sbin/dtrace -s
/*
 * paging.d - pages that processes fault on, are given, and have read from and written to disks.
 *
 * For: is it memory that this program waits for, and is it a disk that memory waits for?
 * Arguments: none.
 * Habit of: Solaris, where it is vmstat -p, but by process.
 * On Linux: pages are written later, mostly by a thread of the kernel (kworker). A major fault waits for a disk.
 *
 * Sample: d2bpf -s paging.d -c 'cksum big'
 *
 *   PROCESS             FAULTS     MAJOR    ZEROED    COPIED   READ IN   WRITTEN
 *   ...
 *   cksum                   35         0        22         1      1024         0
 *   d2bpf                   53         0        52         1         0         0
 */

#pragma D option quiet

vminfo:::as_fault, vminfo:::prot_fault { @faults[execname] = sum(arg0); }
vminfo:::maj_fault { @major[execname] = sum(arg0); }
vminfo:::zfod { @zeroed[execname] = sum(arg0); }
vminfo:::cow_fault { @copied[execname] = sum(arg0); }
vminfo:::pgpgin { @in[execname] = sum(arg0); }
vminfo:::pgpgout { @out[execname] = sum(arg0); }

dtrace:::END
{
	printf("%-16s %9s %9s %9s %9s %9s %9s\n", "PROCESS", "FAULTS", "MAJOR", "ZEROED", "COPIED", "READ IN", "WRITTEN");
	printa("%-16s %@9d %@9d %@9d %@9d %@9d %@9d\n", @faults, @major, @zeroed, @copied, @in, @out);
}
