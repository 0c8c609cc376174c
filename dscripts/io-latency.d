#!/usr/sbin/dtrace -s
/*
 * io-latency.d - how long disks take, by device and direction.
 *
 * For: is the disk slow, always or at times? Times are in microseconds.
 * Arguments: none.
 * Habit of: Solaris, where arg0 is the buffer that goes from start to done.
 * On Linux: arg0 is the request. The time in the queue is part of what is shown, and so it is there.
 *
 * Sample: d2bpf -s io-latency.d -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *   vda reads (us)
 *              value  ------------- Distribution ------------- count
 *                 32 |                                         0
 *                 64 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@   485
 *                128 |@@                                       27
 *                256 |                                         0
 */

#pragma D option quiet

io:::start
{
	started[arg0] = timestamp;
}

io:::done
/started[arg0]/
{
	@time[args[1]->dev_statname, args[0]->b_flags & B_READ ? "reads" : "writes"] =
	    quantize((timestamp - started[arg0]) / 1000);
	started[arg0] = 0;
}

dtrace:::END
{
	printa("%s %s (us)%@d\n", @time);
}
