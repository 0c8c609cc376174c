#!/usr/sbin/dtrace -s
/*
 * files-opened.d - every file that is opened, by whom, and with what result.
 *
 * For: which configuration files does this program look for, and which of them are missing? ERR is the errno, 0 when
 * the file was opened (2: no such file, 13: permission denied).
 * Arguments: [process name]; without, all processes.
 * Habit of: Solaris and macOS, where the calls are open, open64 and open_nocancel.
 * On Linux: the calls are open, openat and openat2; arg0 is the path in each, as the old call has it.
 *
 * Sample: d2bpf -s files-opened.d grep -c 'grep -q root /etc/nosuchfile /etc/passwd'
 *
 *     UID     PID PROCESS           ERR FILE
 *       0    1691 grep                2 /usr/lib/locale/locale-archive
 *       0    1691 grep                0 /usr/share/locale/locale.alias
 *       0    1691 grep                2 /usr/lib/locale/C.UTF-8/LC_IDENTIFICATION
 *   ...
 *       0    1691 grep                2 /etc/nosuchfile
 *       0    1691 grep                2 /usr/share/locale/C.UTF-8/LC_MESSAGES/libc.mo
 *       0    1691 grep                2 /usr/share/locale/C.utf8/LC_MESSAGES/libc.mo
 *       0    1691 grep                2 /usr/share/locale/C/LC_MESSAGES/libc.mo
 *       0    1691 grep                0 /etc/passwd
 */

#pragma D option quiet
#pragma D option defaultargs
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%5s %7s %-16s %4s %s\n", "UID", "PID", "PROCESS", "ERR", "FILE");
}

syscall::open*:entry
/$$1 == "" || execname == $$1/
{
	self->path = arg0;
}

syscall::open*:return
/self->path/
{
	printf("%5d %7d %-16s %4d %s\n", uid, pid, execname, errno, copyinstr(self->path));
	self->path = 0;
}
