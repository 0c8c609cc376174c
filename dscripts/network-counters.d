#!/usr/sbin/dtrace -s
/*
 * network-counters.d - the counters of IP, TCP, UDP and ICMP, every so many seconds.
 *
 * For: what happens on the network right now, and is anything going wrong?
 * Arguments: [seconds]; 5 without.
 * Habit of: Solaris, which has more of them.
 * On Linux: counters that pass without an event are not among them: d2bpf -ln mib::: lists those that are.
 *
 * Sample: d2bpf -s network-counters.d -c 'curl -s -o page http://127.0.0.1:8000/page'
 *
 *   tcpActiveOpens                          1
 *   tcpPassiveOpens                         1
 *   tcpInAckSegs                            4
 *   tcpOutControl                           4
 *   tcpInDataInorderSegs                    9
 *   tcpOutAck                               9
 *   tcpOutDataSegs                         10
 *   ...
 *   ipIfStatsHCOutOctets               301394
 *   ipIfStatsHCInOctets                301446
 */

#pragma D option quiet
#pragma D option defaultargs

dtrace:::BEGIN
{
	seconds = $1 ? $1 : 5;
	left = seconds;
}

mib:::
{
	@[probename] = sum(arg0);
}

profile:::tick-1sec
{
	left--;
}

profile:::tick-1sec
/left <= 0/
{
	printf("%Y\n", walltimestamp);
	printa("  %-28s %@12d\n", @);
	trunc(@);
	left = seconds;
}

dtrace:::END
{
	printa("  %-28s %@12d\n", @);
}
