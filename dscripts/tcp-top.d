#!/usr/sbin/dtrace -s
/*
 * tcp-top.d - the ten TCP connections that carry most, every so many seconds.
 *
 * For: what is the network busy with?
 * Arguments: [seconds]; 5 without.
 * Habit of: Solaris, FreeBSD: nothing here is of one system.
 * On Linux: bytes are those behind the TCP header, those sent again among them. A connection within this machine shows
 * twice, once for each end.
 *
 * Sample: d2bpf -s tcp-top.d -c 'curl -s -o page http://127.0.0.1:8000/page'
 *
 *                          LOCAL                        REMOTE       RECEIVED         SENT
 *                127.0.0.1:58904               127.0.0.1:8000          300204           82
 *                127.0.0.1:8000                127.0.0.1:58904             82       300204
 */

#pragma D option quiet
#pragma D option defaultargs
#pragma D option aggsortrev

dtrace:::BEGIN
{
	seconds = $1 ? $1 : 5;
	left = seconds;
}

tcp:::send
{
	@sent[args[3]->tcps_laddr, args[3]->tcps_lport, args[3]->tcps_raddr, args[3]->tcps_rport] =
	    sum(args[2]->ip_plength - args[4]->tcp_offset);
}

tcp:::receive
{
	@received[args[3]->tcps_laddr, args[3]->tcps_lport, args[3]->tcps_raddr, args[3]->tcps_rport] =
	    sum(args[2]->ip_plength - args[4]->tcp_offset);
}

profile:::tick-1sec
{
	left--;
}

profile:::tick-1sec
/left <= 0/
{
	printf("%Y\n%28s  %28s %14s %12s\n", walltimestamp, "LOCAL", "REMOTE", "RECEIVED", "SENT");
	trunc(@received, 10);
	trunc(@sent, 10);
	printa("%22s:%-5d  %22s:%-5d %@14d %@12d\n", @received, @sent);
	trunc(@received);
	trunc(@sent);
	left = seconds;
}

dtrace:::END
{
	printf("%28s  %28s %14s %12s\n", "LOCAL", "REMOTE", "RECEIVED", "SENT");
	trunc(@received, 10);
	trunc(@sent, 10);
	printa("%22s:%-5d  %22s:%-5d %@14d %@12d\n", @received, @sent);
}
