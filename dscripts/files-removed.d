#!/usr/sbin/dtrace -s
/*
 * files-removed.d - who removes and renames files.
 *
 * For: something deletes my file; what?
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris and FreeBSD.
 * On Linux: programs call unlinkat and renameat2 for what is unlink, rmdir and rename there. The old names find
 * them, and their arguments are where the old calls have them.
 *
 * Sample: d2bpf -s files-removed.d rm -c 'rm -r /tmp/old'
 *
 *       PID PROCESS          CALL        ERR FILE
 *      1815 rm               unlinkat      0 b
 *      1815 rm               unlinkat      0 sub
 *      1815 rm               unlinkat      0 a
 *      1815 rm               unlinkat      0 /tmp/old
 */

#pragma D option quiet
#pragma D option defaultargs
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%7s %-16s %-10s %4s %s\n", "PID", "PROCESS", "CALL", "ERR", "FILE");
}

syscall::unlink:entry,
syscall::rmdir:entry,
syscall::rename:entry
/$$1 == "" || execname == $$1/
{
	self->path = arg0;
}

syscall::rename:entry
/self->path/
{
	self->to = arg1;
}

syscall::unlink:return,
syscall::rmdir:return,
syscall::rename:return
/self->path/
{
	printf("%7d %-16s %-10s %4d %s", pid, execname, probefunc, errno, copyinstr(self->path));
}

syscall::rename:return
/self->to/
{
	printf(" -> %s", copyinstr(self->to));
	self->to = 0;
}

syscall::unlink:return,
syscall::rmdir:return,
syscall::rename:return
/self->path/
{
	printf("\n");
	self->path = 0;
}
