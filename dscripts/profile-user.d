#!/usr/sbin/dtrace -s
/*
 * profile-user.d - what programs do: the ten most frequent user stacks.
 *
 * For: much user time. 997 samples a second of each CPU that is in user mode.
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris and macOS: where arg1 is not 0, a CPU was in user mode.
 * On Linux: programs are often built without frame pointers: then a stack shows its first function, and perhaps
 * wrong ones below (gcc -fno-omit-frame-pointer mends that).
 *
 * Sample: d2bpf -s profile-user.d burn -c 'build/triggers/burn 500'
 *
 *   ...
 *     burn
 *                 burn`burn_inner+0x1d
 *                 burn`main+0x32
 *                 libc.so.6`0x7f622a09e24a
 *                  61
 */

#pragma D option quiet
#pragma D option defaultargs

profile:::profile-997
/arg1 && ($$1 == "" || execname == $$1)/
{
	@user[execname, ustack()] = count();
}

dtrace:::END
{
	trunc(@user, 10);
}
