#!/usr/sbin/dtrace -s
/*
 * short-lived.d - processes that live for a moment only: top and ps never show them.
 *
 * For: a machine that is busy, although no process is.
 * Arguments: [milliseconds] up to which a life is short; 100 without.
 * Habit of: Solaris and illumos.
 * On Linux: the same. A process is counted under the name it has when it ends.
 *
 * Sample: d2bpf -s short-lived.d -c 'ldd /bin/ls'
 *
 *   PROCESS             COUNT    MEAN (us) LONGEST (us)
 *   ld-linux-x86-64         3         1001         1310
 *   ldd                     3        12439        32305
 */

#pragma D option quiet
#pragma D option defaultargs

inline uint64_t SHORT = ($1 ? $1 : 100) * 1000000ULL;

proc:::start
{
	born[pid] = timestamp;
}

proc:::exit
/born[pid] && timestamp - born[pid] < SHORT/
{
	@lived[execname] = count();
	@mean[execname] = avg((timestamp - born[pid]) / 1000);
	@longest[execname] = max((timestamp - born[pid]) / 1000);
}

proc:::exit
{
	born[pid] = 0;
}

dtrace:::END
{
	printf("%-16s %8s %12s %12s\n", "PROCESS", "COUNT", "MEAN (us)", "LONGEST (us)");
	printa("%-16s %@8d %@12d %@12d\n", @lived, @mean, @longest);
}
