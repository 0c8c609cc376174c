#!/usr/sbin/dtrace -s
/*
 * postgresql-queries.d - each query of a PostgreSQL server with the time it took.
 *
 * For: a database that is slow; what is it asked, and which of it takes long?
 * Arguments: [milliseconds] from which on a query is shown; all without.
 * Habit of: Solaris, illumos, FreeBSD, macOS: PostgreSQL's own probes, wherever it was built with them.
 * On Linux: Debian's and PostgreSQL's packages have the probes; a process must be running when the script starts.
 *
 * Sample: d2bpf -s postgresql-queries.d
 *
 *       PID    TIME (ms)  QUERY
 *     26198      318.363  SELECT count(*) FROM orders a, orders b WHERE a.id < b.id;
 *     26198       50.502  SELECT pg_sleep(0.05);
 *     26198        0.090  SELECT 1;
 */

#pragma D option quiet
#pragma D option defaultargs
#pragma D option switchrate=10hz
#pragma D option strsize=1024

dtrace:::BEGIN
{
	printf("%9s %12s  %s\n", "PID", "TIME (ms)", "QUERY");
}

postgresql*:::query-start
{
	self->query = copyinstr(arg0);
	self->since = timestamp;
}

postgresql*:::query-done
/self->since && timestamp - self->since >= $1 * 1000000ULL/
{
	this->us = (timestamp - self->since) / 1000;
	printf("%9d %8d.%03d  %s\n", pid, this->us / 1000, this->us % 1000, self->query);
}

postgresql*:::query-done
/self->since/
{
	self->since = 0;
	self->query = 0;
}
