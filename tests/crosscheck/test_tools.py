"""The other tools' outputs are read rightly: what the crosschecks compare with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crosscheck import tools
from tests.crosscheck.tools import SyscallCount

pytestmark = pytest.mark.needs("root")


@pytest.mark.needs("command:strace")
def test_strace_counts_what_the_trigger_makes(triggers: Path) -> None:
    kinds = "openat 30 badread 20 badopenat 7 getppid 5"
    counts = tools.strace([str(triggers / "syscalls"), *kinds.split()])
    assert counts["openat"] == SyscallCount(37, 7)
    assert counts["close"] == SyscallCount(30, 0)
    assert counts["read"] == SyscallCount(20, 20)
    assert counts["getppid"] == SyscallCount(5, 0)


@pytest.mark.needs("command:bpftrace", "rawtp:sys_enter")
def test_bpftrace_counts_what_the_trigger_makes(triggers: Path) -> None:
    program = "tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @[args->id] = count(); @all = count(); }"
    maps = tools.bpftrace_maps(program, [str(triggers / "syscalls"), "getppid", "50", "getuid", "3"])
    getppid, getuid = "110", "102"
    assert (maps["@"][getppid], maps["@"][getuid]) == (50, 3)
    assert maps["@all"][""] == sum(maps["@"].values())


def test_aggregation_table() -> None:
    output = "\n  bash                      read                 12\n  a                -3\n\nnot a row\n"
    assert tools.table(output) == {("bash", "read"): 12, ("a",): -3}
