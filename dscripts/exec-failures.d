#!/usr/sbin/dtrace -s
/*
 * exec-failures.d - programs that could not be started, and why.
 *
 * For: a daemon that says "cannot start helper" and no more; a shell that searches PATH. ERR is the errno (2: no
 * such file, 8: not a program, 13: permission denied).
 * Arguments: none.
 * Habit of: Solaris. exec has the path, exec-failure the error; self-> carries the one to the other.
 * On Linux: the calls are execve and execveat; errors are Linux's.
 *
 * Sample: d2bpf -s exec-failures.d -c 'env nosuchcommand'
 *
 *     UID     PID PROCESS           ERR PATH
 *   ...
 *       0    1535 env                 2 /usr/sbin/nosuchcommand
 *       0    1535 env                 2 /usr/bin/nosuchcommand
 *       0    1535 env                 2 /sbin/nosuchcommand
 *       0    1535 env                 2 /bin/nosuchcommand
 */

#pragma D option quiet
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%5s %7s %-16s %4s %s\n", "UID", "PID", "PROCESS", "ERR", "PATH");
}

proc:::exec
{
	self->path = args[0];
}

proc:::exec-failure
/self->path != NULL/
{
	printf("%5d %7d %-16s %4d %s\n", uid, pid, execname, args[0], self->path);
}

proc:::exec-failure,
proc:::exec-success
{
	self->path = 0;
}
