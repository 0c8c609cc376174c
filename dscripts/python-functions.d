#!/usr/sbin/dtrace -s
/*
 * python-functions.d - how often each function of a Python program returns.
 *
 * For: a Python program that is busy; with what?
 * Arguments: [file name] without its folder; all files without.
 * Habit of: Solaris, illumos, macOS, FreeBSD: the probes of CPython.
 * On Linux: Debian's Python 3.11 has the probes; its function-entry fires for generators alone, so this counts returns.
 *
 * Sample: d2bpf -s python-functions.d program.py -c 'python3 program.py'
 *
 * FILE                     LINE FUNCTION                          RETURNS
 * program.py                  9 <module>                                1
 * program.py                  2 outer                                  30
 * program.py                  6 inner                                  60
 */

#pragma D option quiet
#pragma D option defaultargs

python$target:::function-return
/$$1 == "" || basename(copyinstr(arg0)) == $$1/
{
	@returns[basename(copyinstr(arg0)), (int)arg2, copyinstr(arg1)] = count();
}

dtrace:::END
{
	printf("%-20s %8s %-32s %8s\n", "FILE", "LINE", "FUNCTION", "RETURNS");
	printa("%-20s %8d %-32s %@8d\n", @returns);
}
