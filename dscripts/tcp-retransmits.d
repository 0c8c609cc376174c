#!/usr/sbin/dtrace -s
/*
 * tcp-retransmits.d - TCP segments that are sent again, by the other end, and how much of the whole that is.
 *
 * For: a slow network: whose segments get lost?
 * Arguments: none.
 * Habit of: Solaris, where a segment that is sent again is told by tcps_retransmit, too.
 * On Linux: SENT are segments that carry data, a SYN or a FIN; AGAIN those of them that were sent before.
 *
 * Sample: d2bpf -s tcp-retransmits.d
 *
 *                         REMOTE         SENT    AGAIN        BYTES
 *                127.0.0.1:39074            5        0            0
 *                127.0.0.1:7002             5        2          200
 */

#pragma D option quiet

tcp:::send
/args[2]->ip_plength > args[4]->tcp_offset || (args[4]->tcp_flags & (TH_SYN | TH_FIN))/
{
	@sent[args[3]->tcps_raddr, args[3]->tcps_rport] = count();
}

tcp:::send
/args[3]->tcps_retransmit/
{
	@again[args[3]->tcps_raddr, args[3]->tcps_rport] = count();
	@bytes[args[3]->tcps_raddr, args[3]->tcps_rport] = sum(args[2]->ip_plength - args[4]->tcp_offset);
}

dtrace:::END
{
	setopt("aggsortpos", "1");
	printf("%28s %12s %8s %12s\n", "REMOTE", "SENT", "AGAIN", "BYTES");
	printa("%22s:%-5d %@12d %@8d %@12d\n", @sent, @again, @bytes);
}
