"""stackdepth is how many frames stack() shows, and caller the second of them, wherever a probe fires."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crosscheck.tools import d2bpf

pytestmark = pytest.mark.needs("root")

TARGET = "/pid == $target && !seen[probename, probeprov]++/"
PROBES = {
    "BEGIN": "",
    "tick-100ms": "/!seen[probename, probeprov]++/",
    "syscall::getppid:entry": TARGET,
    "syscall::getppid:return": TARGET,
    "sched:::off-cpu": TARGET,
    "sdt:sched::sched_switch": TARGET,
    "rawtp:::sched_switch": TARGET,
    "proc:::exit": TARGET,
}
RECORD = re.compile(r"(\S+) (\d+) (\S+)\n((?: .*\n)*)")


@pytest.mark.parametrize("together", [False, True])
def test_depth_and_caller(together: bool, triggers: Path) -> None:
    """Alone and with others, because several programs at one event are called in another way than one."""
    body = '{ printf("%s:%s %d %a", probeprov, probename, stackdepth, caller); stack(50); }'
    clauses = [f"{probe}\n{predicate}\n{body}" for probe, predicate in PROBES.items()]
    groups = ["\n".join(clauses)] if together else clauses
    found = 0
    for text in groups:
        done = d2bpf("-q", "-x", "maxframes=60", "-n", text, "-c", f"{triggers}/syscalls getppid 1")
        assert (done.status, done.stderr) == (0, "")
        for name, depth, caller, frames in RECORD.findall(done.stdout):
            shown = frames.split()
            assert len(shown) == int(depth), name
            if not name.startswith("syscall:") and len(shown) > 1:
                assert caller == shown[1], name
            found += 1
    assert found >= 6
