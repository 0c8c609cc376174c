"""A Target in a file says what the one it was made of says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from d2bpf.target import btf
from d2bpf.target.facts import FEATURES, Target
from d2bpf.target.host import host_target
from d2bpf.target.stored import TargetError, from_json, to_json
from tests.target.test_facts import Kernel


@pytest.fixture
def text() -> str:
    return to_json(Target(Kernel()))


def test_stored_target_says_the_same(text: str) -> None:
    kept, live = from_json(text), Target(Kernel())
    for target in (kept, live):
        assert (target.release, target.machine, target.ncpus_possible, target.page_size) == ("6.1", "x86_64", 4, 4096)
    assert kept.fingerprint() == live.fingerprint()
    assert kept.tracepoints() == live.tracepoints()
    assert kept.syscalls() == live.syscalls()
    assert kept.syscall_args("newstat") == live.syscall_args("newstat")
    assert kept.rawtp_args("sched_wake") == live.rawtp_args("sched_wake")
    assert kept.rawtp_args("nfs_start") == live.rawtp_args("nfs_start")
    assert list(kept.functions()) == list(live.functions())
    assert [kept.feature(name) for name in FEATURES] == [live.feature(name) for name in FEATURES]
    for need in ("perf:software", "perf:page-faults", "type:struct nfs_server", "member:struct task.se.runtime"):
        assert kept.has(need) is live.has(need) is True
    assert kept.variable("jiffies") == live.variable("jiffies")


def test_addresses_are_not_stored(text: str) -> None:
    symbol = from_json(text).kernel_symbol("nfs_open")
    assert symbol is not None
    assert (symbol.module, symbol.kind, symbol.address) == ("nfs", "t", 0)


def test_storing_again_changes_nothing(text: str) -> None:
    assert to_json(from_json(text)) == text


def test_kernel_without_types_or_ftrace() -> None:
    kernel = Kernel()
    kernel.kernel, kernel.listed = None, None
    kept = from_json(to_json(Target(kernel)))
    assert kept.facts.btf() is None
    assert kept.facts.traceable() is None
    assert kept.functions()[-1] == ("nfs", "nfs_open")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"target": 2}', '"x"'])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(TargetError, match="not a stored target"):
        from_json(text)


@pytest.mark.parametrize("key", ["release", "page_size", "features", "btf", "kallsyms"])
def test_missing_member_is_named(text: str, key: str) -> None:
    document = json.loads(text)
    del document[key]
    with pytest.raises(TargetError, match=f"a stored target without {key}"):
        from_json(json.dumps(document))


@pytest.mark.parametrize("damage", ["?", "", "AAAA", "eJwDAAAAAAE=", 7])
@pytest.mark.parametrize("key", ["tracepoints", "btf"])
def test_damage_inside(text: str, key: str, damage: object) -> None:
    document = json.loads(text)
    document[key] = {"": damage} if key == "btf" else damage
    with pytest.raises(TargetError, match="a stored target"):
        from_json(json.dumps(document))


@pytest.mark.skipif(not Path(btf.VMLINUX).exists(), reason="this kernel has no type information")
def test_this_machine_stored() -> None:
    live = host_target()
    text = to_json(live)
    kept = from_json(text)
    assert len(text) < 16 << 20
    assert kept.fingerprint() == live.fingerprint()
    assert kept.syscalls() == live.syscalls()
    assert kept.tracepoints() == live.tracepoints()
    for event in ("sched_switch", "sys_enter", "block_rq_complete"):
        assert kept.rawtp_args(event) == live.rawtp_args(event)
    place = live.types.btf.resolve_offset("struct task_struct", ("tgid",))
    assert kept.types.btf.resolve_offset("struct task_struct", ("tgid",)) == place
