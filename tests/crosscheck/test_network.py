"""Packets, connections and counters as traced equal what the kernel has counted in the network namespace that they are in:
/proc/PID/net/snmp, snmp6 and dev."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.crosscheck.gate import Gated, accounted, tracing
from tests.crosscheck.tools import d2bpf, table

pytestmark = pytest.mark.needs("root")


class Network(Gated):
    """The trigger program `network`, in a namespace where nobody else is."""

    def __init__(self, triggers: Path, *deeds: str) -> None:
        super().__init__(triggers, *deeds)
        self._argv = [str(triggers / "network"), "gated", *deeds]

    def __enter__(self) -> Network:
        super().__enter__()
        return self

    @property
    def namespace(self) -> int:
        return os.stat(f"/proc/{self.pid}/ns/net").st_ino

    def counters(self) -> Counter[str]:
        """Those of snmp (Tcp.InSegs) and snmp6 (Udp6InDatagrams)."""
        found: Counter[str] = Counter()
        lines = self.proc("net/snmp").splitlines()
        for names, values in zip(lines[::2], lines[1::2], strict=True):
            group, *words = names.split()
            numbers = map(int, values.split()[1:])
            found.update({f"{group[:-1]}.{name}": value for name, value in zip(words, numbers, strict=True) if value > 0})
        found.update({name: int(value) for name, value in map(str.split, self.proc("net/snmp6").splitlines())})
        return found

    def device(self) -> dict[str, int]:
        """Packets and bytes that the loopback interface has received and sent."""
        line = next(line for line in self.proc("net/dev").splitlines() if line.strip().startswith("lo:"))
        numbers = [int(word) for word in line.partition(":")[2].split()]
        return {"receive bytes": numbers[0], "receive": numbers[1], "send bytes": numbers[8], "send": numbers[9]}


CONNECTIONS = (
    *("tcp4=7001,20,100", "tcp6=7001,7,3000", "mapped=7001,3,10", "echo4=7001,9,5000"),
    *("abort4=7001,5", "refused4=7001,6", "refused6=7001,2"),
)
DATAGRAMS = ("udp4=7001,20,100", "udp6=7001,7,3000", "full4=7001,30,1000", "nobody4=7001,5", "mtu=1500", "udp4=7001,4,9000")
MIB = "mib::: /arg1 == $1/ { @[probename] = sum(arg0); }"
# What each counter of mib is in Linux: the sum of these.
SAME = {
    "tcpActiveOpens": ["Tcp.ActiveOpens"],
    "tcpPassiveOpens": ["Tcp.PassiveOpens"],
    "tcpAttemptFails": ["Tcp.AttemptFails"],
    "tcpEstabResets": ["Tcp.EstabResets"],
    "tcpInSegs": ["Tcp.InSegs"],
    "tcpOutSegs": ["Tcp.OutSegs"],
    "tcpOutRsts": ["Tcp.OutRsts"],
    "tcpRetransSegs": ["Tcp.RetransSegs"],
    "udpInDatagrams": ["Udp.InDatagrams", "Udp6InDatagrams"],
    "udpOutDatagrams": ["Udp.OutDatagrams", "Udp6OutDatagrams"],
    "udpNoPorts": ["Udp.NoPorts", "Udp6NoPorts"],
    "udpInErrors": ["Udp.InErrors", "Udp6InErrors"],
    "udpInOverflows": ["Udp.RcvbufErrors", "Udp6RcvbufErrors"],
    "icmpInMsgs": ["Icmp.InMsgs"],
    "icmpOutMsgs": ["Icmp.OutMsgs"],
    "icmpInEchos": ["Icmp.InEchos"],
    "icmpOutEchos": ["Icmp.OutEchos"],
    "icmpInEchoReps": ["Icmp.InEchoReps"],
    "icmpOutEchoReps": ["Icmp.OutEchoReps"],
    "icmpInDestUnreachs": ["Icmp.InDestUnreachs"],
    "icmpOutDestUnreachs": ["Icmp.OutDestUnreachs"],
    "ipIfStatsHCInReceives": ["Ip.InReceives", "Ip6InReceives"],
}


@pytest.mark.needs("rawtp:sock_recv_length")
@pytest.mark.parametrize(
    "deeds", [CONNECTIONS, DATAGRAMS, ("ping4=7,500",), ("lost4=7001,700",)], ids=["tcp", "udp", "icmp", "lost"]
)
def test_mib_counts_as_the_kernel(triggers: Path, deeds: tuple[str, ...]) -> None:
    with Network(triggers, *deeds) as trigger:
        rose, counted = accounted(trigger, trigger.counters, MIB, trigger.namespace)
    traced = Counter({name: value for (name,), value in counted.items()})
    expected = {name: sum(rose[of] for of in sources) for name, sources in SAME.items()}
    assert {name: traced[name] for name in SAME} == expected
    assert sum(expected.values()) > 0


SEGMENTS = """
tcp:::send, tcp:::receive
/((struct sk_buff *)args[0]->pkt_addr)->dev->nd_net.net->ns.inum == $1/ { @[probename] = count(); }
tcp:::accept-refused
/((struct sk_buff *)args[0]->pkt_addr)->dev->nd_net.net->ns.inum == $1/ { @[probename] = count(); }
tcp:::accept-established, tcp:::connect-established, tcp:::connect-refused
/((struct sock *)args[1]->cs_addr)->__sk_common.skc_net.net->ns.inum == $1/ { @[probename] = count(); }
"""


def test_segments_and_connections(triggers: Path) -> None:
    with Network(triggers, *CONNECTIONS) as trigger:
        rose, traced = accounted(trigger, trigger.counters, SEGMENTS, trigger.namespace)
    assert traced["send",] == rose["Tcp.OutSegs"]
    assert traced["receive",] == rose["Tcp.InSegs"]
    assert traced["accept-established",] == traced["connect-established",] == rose["Tcp.PassiveOpens"]
    assert traced["connect-refused",] == traced["accept-refused",] == rose["Tcp.AttemptFails"] == 8


PACKETS = """
ip:::send, ip:::receive
/((struct sk_buff *)args[0]->pkt_addr)->dev->nd_net.net->ns.inum == $1/
{
    @[probename] = count();
    @bytes[strjoin(probename, " bytes")] = sum(args[2]->ip_plength + (args[2]->ip_ver == 4 ? args[4]->ipv4_ihl : 40));
}
"""


@pytest.mark.parametrize("deeds", [CONNECTIONS, DATAGRAMS], ids=["tcp", "udp"])
def test_packets_and_bytes_of_the_device(triggers: Path, deeds: tuple[str, ...]) -> None:
    with Network(triggers, *deeds) as trigger:
        rose, traced = accounted(trigger, trigger.device, PACKETS, trigger.namespace)
    assert {" ".join(words): value for words, value in traced.items()} == rose


WAYS = """
udp:::send, udp:::receive
/((struct sk_buff *)args[0]->pkt_addr)->dev->nd_net.net->ns.inum == $1/
{
    @[probename] = count();
}
"""


def test_datagrams(triggers: Path) -> None:
    with Network(triggers, *DATAGRAMS) as trigger:
        rose, traced = accounted(trigger, trigger.counters, WAYS, trigger.namespace)
    assert traced["send",] == rose["Udp.OutDatagrams"] + rose["Udp6OutDatagrams"]
    taken = ("Udp.InDatagrams", "Udp6InDatagrams", "Udp.NoPorts", "Udp.InErrors")
    unread = 1  # what filled the buffer
    assert traced["receive",] == sum(rose[name] for name in taken) + unread


# What it takes more to bring about: routers, full queues, lack of memory, data of an attacker's.
HARD = {
    *("ipIfStatsInAddrErrors", "ipIfStatsInNoRoutes", "ipIfStatsOutNoRoutes", "ipIfStatsInDiscards", "ipIfStatsOutDiscards"),
    *("tcpInDataPartDupSegs", "tcpInDataPartDupBytes", "tcpInAckUnsent", "udpOutErrors", "rawipOutErrors"),
}
DEEDS = (
    *("tcp4=7001,1,1", "refused4=7001,1", "abort4=7001,1", "lost4=7001,9", "twice4=7001,9", "late4=7001,9"),
    *("udp4=7001,1,1", "full4=7001,9,1000", "nobody4=7001,1", "ping4=1,1"),
    *(f"message4={type},1" for type in (3, 4, 5, 11, 12, 13, 17, 18)),
    *("wrong4=0,1", "wrong4=1,1", "wrong4=6,1", "wrong4=17,1", "strange4=4,1", "strange4=7,1"),
)


@pytest.mark.needs("rawtp:sock_recv_length", "rawtp:tcp_bad_csum")
def test_every_listed_probe_fires(triggers: Path) -> None:
    providers = ("ip", "tcp", "udp", "mib")
    listing = d2bpf("-l", *(word for name in providers for word in ("-P", name))).stdout
    listed = {(words[1], words[-1]) for words in map(str.split, listing.splitlines()[1:])}
    assert {provider for provider, _ in listed} == set(providers)
    script = ", ".join(f"{name}:::" for name in providers) + " { @[probeprov, probename] = count(); }"
    with Network(triggers, *DEEDS) as trigger, tracing(script) as running:
        trigger.run()
        fired = set(table(running.finish()))
    assert listed - fired <= {("mib", name) for name in HARD}
