#!/usr/sbin/dtrace -s
/*
 * rw-bytes.d - bytes that processes read and write, whatever the file: disk, pipe, socket, terminal.
 *
 * For: who moves all that data? And in pieces of what size: many calls for few bytes are a program's own fault.
 * Arguments: none.
 * Habit of: Solaris, where pread and pwrite are calls.
 * On Linux: they are pread64 and pwrite64: the patterns take both.
 *
 * Sample: d2bpf -s rw-bytes.d -c 'tar cf /tmp/sample.tar /etc'
 *
 *   PROCESS              PID     READS     BYTES READ    WRITES  BYTES WRITTEN
 *   ...
 *   tar                 4182       429        1379124       204        2058284
 */

#pragma D option quiet

syscall::read:return,
syscall::readv:return,
syscall::pread*:return
/arg0 > 0/
{
	@reads[execname, pid] = count();
	@readch[execname, pid] = sum(arg0);
}

syscall::write:return,
syscall::writev:return,
syscall::pwrite*:return
/arg0 > 0/
{
	@writes[execname, pid] = count();
	@writech[execname, pid] = sum(arg0);
}

dtrace:::END
{
	printf("%-16s %7s %9s %14s %9s %14s\n", "PROCESS", "PID", "READS", "BYTES READ", "WRITES", "BYTES WRITTEN");
	printa("%-16s %7d %@9d %@14d %@9d %@14d\n", @reads, @readch, @writes, @writech);
}
