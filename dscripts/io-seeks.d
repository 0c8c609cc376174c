#!/usr/sbin/dtrace -s
/*
 * io-seeks.d - how far each disk I/O lies from the end of the one before, by process.
 *
 * For: a program whose I/O is in sequence shows 0; one that jumps about is what disks are slow with. Distances are
 * in sectors of 512 bytes.
 * Arguments: none.
 * Habit of: Solaris.
 * On Linux: devices are told apart by dev_t, as there; a disk without moving parts has no arm to move, but likes
 * sequences all the same.
 *
 * Sample: d2bpf -s io-seeks.d -c 'dd if=/tmp/big of=/dev/null bs=64k iflag=direct status=none'
 *
 *   dd (sectors)
 *              value  ------------- Distribution ------------- count
 *                 -1 |                                         0
 *                  0 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 511
 *                  1 |                                         0
 */

#pragma D option quiet

uint64_t next[dev_t];

io:::start
/next[args[0]->b_edev]/
{
	this->far = (int64_t)(args[0]->b_blkno - next[args[0]->b_edev]);
	@seeks[execname] = quantize(this->far < 0 ? -this->far : this->far);
}

io:::start
{
	next[args[0]->b_edev] = args[0]->b_blkno + args[0]->b_bcount / 512;
}

dtrace:::END
{
	printa("%s (sectors)%@d\n", @seeks);
}
