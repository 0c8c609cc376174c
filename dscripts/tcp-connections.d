#!/usr/sbin/dtrace -s
/*
 * tcp-connections.d - TCP connections as they end: who opened them, what went each way, how long they were open.
 *
 * For: which connections are made, to and from where, and do they carry what they should?
 * Arguments: [port], of either end; all without.
 * Habit of: Solaris, FreeBSD: nothing here is of one system.
 * On Linux: a connection within this machine shows twice, once for each end. BY says which end asked for it.
 *
 * Sample: d2bpf -s tcp-connections.d 8000 -c 'curl -s -o page http://127.0.0.1:8000/page'
 *
 *   LOCAL                         REMOTE                        BY          SENT     RECEIVED   TIME (ms)
 *   127.0.0.1:8000                127.0.0.1:58890               them      300204           82       6.197
 *   127.0.0.1:58890               127.0.0.1:8000                us            82       300204       6.262
 */

#pragma D option quiet
#pragma D option defaultargs
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%-28s  %-28s  %-5s %10s %12s %11s\n", "LOCAL", "REMOTE", "BY", "SENT", "RECEIVED", "TIME (ms)");
}

tcp:::connect-request
/$1 == 0 || args[4]->tcp_dport == $1 || args[4]->tcp_sport == $1/
{
	opened[args[1]->cs_cid] = timestamp;
	ours[args[1]->cs_cid] = 1;
}

tcp:::accept-established
/$1 == 0 || args[4]->tcp_dport == $1 || args[4]->tcp_sport == $1/
{
	opened[args[1]->cs_cid] = timestamp;
}

tcp:::send
/opened[args[1]->cs_cid] && !args[3]->tcps_retransmit/
{
	sent[args[1]->cs_cid] += args[2]->ip_plength - args[4]->tcp_offset;
}

tcp:::receive
/opened[args[1]->cs_cid]/
{
	received[args[1]->cs_cid] += args[2]->ip_plength - args[4]->tcp_offset;
}

tcp:::state-change
/args[3]->tcps_state == TCP_STATE_CLOSED && opened[args[1]->cs_cid]/
{
	this->cid = args[1]->cs_cid;
	this->us = (timestamp - opened[this->cid]) / 1000;
	printf("%-28s  %-28s  %-5s %10d %12d %7d.%03d\n",
	    strjoin(strjoin(args[3]->tcps_laddr, ":"), lltostr(args[3]->tcps_lport)),
	    strjoin(strjoin(args[3]->tcps_raddr, ":"), lltostr(args[3]->tcps_rport)),
	    ours[this->cid] ? "us" : "them", sent[this->cid], received[this->cid], this->us / 1000, this->us % 1000);
	opened[this->cid] = 0;
	ours[this->cid] = 0;
	sent[this->cid] = 0;
	received[this->cid] = 0;
}
