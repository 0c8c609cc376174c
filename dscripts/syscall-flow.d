#!/usr/sbin/dtrace -s
/*
 * syscall-flow.d - the system calls of one command in their order, entries and returns indented.
 *
 * For: reading what a command does, call by call, with the CPU each ran on. The values are the first argument at
 * entry, the result at return.
 * Arguments: none; the process is that of -c or -p: d2bpf -s syscall-flow.d -c 'cat /etc/hostname'
 * Habit of: Solaris (flowindent).
 * On Linux: calls have the kernel's names: newfstatat, clone3. An int argument is shown as the register holds it:
 * -100 is 4294967196.
 *
 * Sample: d2bpf -s syscall-flow.d -c 'cat /etc/hostname'
 *
 *   CPU FUNCTION
 *   ...
 *     0  <= write                                                    3
 *     0  => read                                                     3
 *     0  <= read                                                     0
 *     0  => munmap                                     140607031726080
 *     0  <= munmap                                                   0
 *     0  => close                                                    3
 *     0  <= close                                                    0
 *     0  => close                                                    1
 *     0  <= close                                                    0
 *     0  => close                                                    2
 *     0  <= close                                                    0
 *     0  => exit_group                                               0
 */

#pragma D option flowindent

syscall:::entry
/pid == $target/
{
	trace(arg0);
}

syscall:::return
/pid == $target/
{
	trace(arg1);
}
