#!/usr/sbin/dtrace -s
/*
 * io-size.d - sizes of disk I/O, by process and direction.
 *
 * For: is the disk given large pieces, which it likes, or small ones?
 * Arguments: none.
 * Habit of: Solaris, illumos.
 * On Linux: one I/O is one request to the driver. What is written later shows under the kernel's own threads
 * (kworker, jbd2).
 *
 * Sample: d2bpf -s io-size.d -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *   dd reads (bytes)
 *              value  ------------- Distribution ------------- count
 *              32768 |                                         0
 *              65536 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 512
 *             131072 |                                         0
 */

#pragma D option quiet

io:::start
{
	@size[execname, args[0]->b_flags & B_READ ? "reads" : "writes"] = quantize(args[0]->b_bcount);
}

dtrace:::END
{
	printa("%s %s (bytes)%@d\n", @size);
}
