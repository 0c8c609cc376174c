"""Every expression of the providers and every member of the libraries' structures, typed against this machine's kernel."""

from __future__ import annotations

from functools import cache

import pytest

from d2bpf.catalog.libraries import Libraries
from d2bpf.catalog.match import Catalog
from d2bpf.diagnostics import Sink
from d2bpf.options import defaults
from d2bpf.sema.checker import Checker
from d2bpf.source import SourceFile
from d2bpf.syntax import ParseEnv, ast, parse
from d2bpf.target.facts import Target
from d2bpf.target.host import host_target
from d2bpf.target.tracefs import TracefsError

PROVIDERS = ("dtrace", "profile", "proc", "sched", "io", "ip", "tcp", "udp", "udplite", "mib")
VALUES = (
    "curpsinfo->pr_psargs", "curlwpsinfo->pr_pri", "curcpu->cpu_id", "cpu", "chip", "lgrp", "pset", "cwd", "root",
    "execargs", "zonename", "jailname", "jid", "curproc->pid", "fds[arg0].fi_pathname", "R_RAX", "bio_cmd_string[1]",
)  # fmt: skip


@cache
def target() -> Target:
    host = host_target()
    try:
        known = host.feature("btf") and host.tracepoints()
    except TracefsError:
        known = ()
    if not known:
        pytest.skip("this machine's kernel does not say what it has")
    return host


@cache
def catalog() -> Catalog:
    return Catalog(target())


@cache
def libraries() -> Libraries:
    return Libraries(target())


def mistakes(script: str) -> list[str]:
    """What the compiler has to say about a script."""
    sink = Sink()
    checker = Checker(target(), catalog(), libraries(), defaults(), sink)
    tree = parse(SourceFile("test.d", script), ParseEnv(is_type=checker.is_type), sink)
    checker.add(tree, "script", "test.d")
    checker.finish()
    return [f"{script}: {found.code} {found.message}" for found in sink.errors]


def members(name: str) -> list[str]:
    """The members of a library's structure."""
    piece = libraries().defining(name)
    assert piece is not None
    (item,) = [item for item in libraries().program(piece).items if isinstance(item, ast.Declaration)]
    assert isinstance(item.spec, ast.StructType) and item.spec.members is not None
    return [d.name for member in item.spec.members for d in member.declarators]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_expressions_of_probes(provider: str) -> None:
    found: list[str] = []
    probes = [probe for probe in catalog().provider(provider).all() if probe.can_fire]
    assert probes
    for probe in probes:
        found += mistakes(f"{probe.text} {{ trace(arg0 + arg1 + arg2 + arg3); trace(execname); }}")
        for at, argument in enumerate(probe.sites[0].args):
            name = argument.type.removesuffix(" *")
            member = f"->{members(name)[0]}" if name.endswith("info_t") else ""
            found += mistakes(f"{probe.text} {{ trace(args[{at}]{member}); }}")
    assert found == []


@pytest.mark.parametrize(
    ("value", "type"),
    [
        ("xlate <psinfo_t *> (curthread)->", "psinfo_t"),
        ("xlate <lwpsinfo_t *> (curthread)->", "lwpsinfo_t"),
        ("curcpu->", "cpuinfo_t"),
        ("fds[0].", "fileinfo_t"),
        ("xlate <bufinfo_t *> ((struct __io *)arg0)->", "bufinfo_t"),
        ("xlate <devinfo_t *> ((struct block_device *)arg0)->", "devinfo_t"),
        ("xlate <fileinfo_t *> ((struct bio *)arg0)->", "fileinfo_t"),
        ("xlate <siginfo_t *> ((struct kernel_siginfo *)arg0)->", "siginfo_t"),
        ("xlate <pktinfo_t *> ((struct sk_buff *)arg0)->", "pktinfo_t"),
        ("xlate <csinfo_t *> ((struct __packet *)arg0)->", "csinfo_t"),
        ("xlate <ipinfo_t *> ((struct __packet *)arg0)->", "ipinfo_t"),
        ("xlate <ifinfo_t *> ((struct net_device *)arg0)->", "ifinfo_t"),
        ("xlate <ipv4info_t *> ((struct iphdr *)arg0)->", "ipv4info_t"),
        ("xlate <ipv6info_t *> ((struct ipv6hdr *)arg0)->", "ipv6info_t"),
        ("xlate <tcpinfo_t *> ((struct __packet *)arg0)->", "tcpinfo_t"),
        ("xlate <tcpsinfo_t *> ((struct __packet *)arg0)->", "tcpsinfo_t"),
        ("xlate <tcplsinfo_t *> ((int)arg0)->", "tcplsinfo_t"),
        ("xlate <udpinfo_t *> ((struct udphdr *)arg0)->", "udpinfo_t"),
        ("xlate <udpsinfo_t *> ((struct __packet *)arg0)->", "udpsinfo_t"),
        ("xlate <udpliteinfo_t *> ((struct udphdr *)arg0)->", "udpliteinfo_t"),
        ("xlate <udplitesinfo_t *> ((struct __packet *)arg0)->", "udplitesinfo_t"),
    ],
)
def test_members(value: str, type: str) -> None:
    structures = {"pr_start", "pr_time", "pr_ctime"}
    names = [f"{name}.tv_sec" if name in structures else name for name in members(type)]
    names = [f"{name}.pr_lwpid" if name == "pr_lwp" else name for name in names]
    assert [said for name in names for said in mistakes(f"BEGIN {{ trace({value}{name}); }}")] == []


@pytest.mark.parametrize("value", VALUES)
def test_values(value: str) -> None:
    assert mistakes(f"BEGIN {{ trace({value}); }}") == []


def test_system_calls_in_another_shape() -> None:
    names = [row["name"] for row in catalog().provider("syscall")._old]  # type: ignore[attr-defined]
    scripts = [f"syscall::{name}*:entry {{ trace(arg0 + arg1 + arg2 + arg3 + arg4); }}" for name in names]
    scripts += [f"syscall::{name}*:return {{ trace(arg0); }}" for name in names if name != "exit"]
    assert [said for script in scripts for said in mistakes(script)] == []


def stand_ins() -> list[str]:
    """An expression for each member and variable of other systems that the libraries know."""
    expressions = []
    for library in ("foreign", "runqueue"):
        for item in libraries().program(library).items:
            if not isinstance(item, ast.Inline):
                continue
            _, _, name = item.name.partition("__")
            owner, found, member = name.partition("__")
            if found and owner == "kernel":
                expressions.append(f"`{member}[0]" if item.params else f"`{member}")
            elif found:
                expressions.append(f"((struct {owner} *)arg0)->{member}")
    return expressions


def test_members_and_variables_of_other_systems() -> None:
    expressions = stand_ins()
    assert {"`utsname", "((struct task_struct *)arg0)->t_procp", "((struct path *)arg0)->v_path"} <= set(expressions)
    assert [said for text in expressions for said in mistakes(f"BEGIN {{ x = {text}; }}")] == []
