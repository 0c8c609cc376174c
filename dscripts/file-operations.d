#!/usr/sbin/dtrace -s
/*
 * file-operations.d - what is done to which files, how often, and how many bytes are moved.
 *
 * For: which files does this program work on, and what does it do to them over and over?
 * Arguments: [NAME] of the processes to look at.
 * Habit of: Solaris and macOS, whose fsinfo provider it is made for.
 * On Linux: the operations are system calls that succeeded; a file that a call names is shown by that name.
 *
 * Sample: d2bpf -s file-operations.d gzip -c 'gzip -kf big'
 *
 *   OPERATION       COUNT        BYTES FILE
 *   ...
 *   remove              1            0 big.gz
 *   setattr             4            0 /tmp/big.gz
 *   write              17      4194966 /tmp/big.gz
 *   read              128      4194304 /tmp/big
 */

#pragma D option quiet
#pragma D option defaultargs

fsinfo:::
/$$1 == "" || execname == $$1/
{
	@count[probename, args[0]->fi_pathname] = count();
	@bytes[probename, args[0]->fi_pathname] = sum(probename == "read" || probename == "write" ? args[1] : 0);
}

dtrace:::END
{
	printf("%-10s %10s %12s %s\n", "OPERATION", "COUNT", "BYTES", "FILE");
	printa("%-10s %@10d %@12d %s\n", @count, @bytes);
}
