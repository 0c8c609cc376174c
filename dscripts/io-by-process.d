#!/usr/sbin/dtrace -s
/*
 * io-by-process.d - disk I/O by process, device and direction: how many, how much.
 *
 * For: who keeps the disk busy?
 * Arguments: none.
 * Habit of: Solaris, FreeBSD, macOS.
 * On Linux: one I/O is one request to the driver. What is written later shows under the kernel's own threads
 * (kworker, jbd2).
 *
 * Sample: d2bpf -s io-by-process.d -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *   PROCESS              PID DEVICE          COUNT          BYTES
 *   dd                  2341 vda        R      512       33554432
 */

#pragma D option quiet

io:::start
{
	this->way = args[0]->b_flags & B_READ ? "R" : "W";
	@count[execname, pid, args[1]->dev_statname, this->way] = count();
	@bytes[execname, pid, args[1]->dev_statname, this->way] = sum(args[0]->b_bcount);
}

dtrace:::END
{
	printf("%-16s %7s %-10s %1s %8s %14s\n", "PROCESS", "PID", "DEVICE", "", "COUNT", "BYTES");
	printa("%-16s %7d %-10s %1s %@8d %@14d\n", @count, @bytes);
}
