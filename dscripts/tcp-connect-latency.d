#!/usr/sbin/dtrace -s
/*
 * tcp-connect-latency.d - how long connections take to come about, by the other end, and which are refused.
 *
 * For: is it the network, or the other machine, that is slow from the start?
 * Arguments: none.
 * Habit of: Solaris, FreeBSD: nothing here is of one system.
 * On Linux: the time from the first SYN to its answer.
 *
 * Sample: d2bpf -s tcp-connect-latency.d -c 'curl -s -o page http://127.0.0.1:8000/page http://[::1]:9/'
 *
 *   established (us) 127.0.0.1:8000
 *            value  ------------- Distribution ------------- count
 *                8 |                                         0
 *               16 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1
 *               32 |                                         0
 *
 *   refused (us) ::1:9
 *            value  ------------- Distribution ------------- count
 *                8 |                                         0
 *               16 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1
 *               32 |                                         0
 */

#pragma D option quiet
#pragma D option aggsortkey

tcp:::connect-request
{
	asked[args[1]->cs_cid] = timestamp;
}

tcp:::connect-established
/asked[args[1]->cs_cid]/
{
	@us["established (us)", args[3]->tcps_raddr, args[3]->tcps_rport] = quantize((timestamp - asked[args[1]->cs_cid]) / 1000);
	asked[args[1]->cs_cid] = 0;
}

tcp:::connect-refused
/asked[args[1]->cs_cid]/
{
	@us["refused (us)", args[3]->tcps_raddr, args[3]->tcps_rport] = quantize((timestamp - asked[args[1]->cs_cid]) / 1000);
	asked[args[1]->cs_cid] = 0;
}

dtrace:::END
{
	printa("%s %s:%d%@d\n", @us);
}
