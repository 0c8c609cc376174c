"""What -l lists can fire: a probe that is there but silent misleads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crosscheck import tools
from tests.crosscheck.gate import Gated, tracing
from tests.crosscheck.tools import table

pytestmark = pytest.mark.needs("root")

EVERYTHING = """
proc:::, io:::, profile:::, sched:::, interrupt-start, interrupt-complete, callout-start, callout-end,
dtrace:::BEGIN, syscall::read:
{
    @[probeprov, probename] = count();
}
"""
# What makes each of them fire.
DEEDS = [
    ["spawn", "exit=1", "signal=17", "exec=/bin/true", "exec=/nonexistent"],  # proc
    ["signals", "10", "1"],
    ["signals", "-w", "10", "1"],
    ["threads", "2", "1"],
    ["inherit", "1"],  # change-pri, lend-pri
    ["blocks", "4096", "3"],  # io
]
YIELDING = "import os\nfor _ in range(50): os.sched_yield()"  # surrender, remain-cpu


@pytest.mark.needs("file:/dev/loop-control")
def test_every_listed_probe_fires(triggers: Path, tmp_path: Path) -> None:
    listing = tools.d2bpf("-l", *(word for name in ("proc", "io", "profile", "sched") for word in ("-P", name))).stdout
    listed = {(words[1], words[-1]) for words in map(str.split, listing.splitlines()[1:])}
    assert {provider for provider, _ in listed} == {"proc", "io", "profile", "sched"}
    with tracing(EVERYTHING) as running, Gated(triggers, "burn=1100") as trigger:
        for name, *arguments in DEEDS:
            subprocess.run([triggers / name, *arguments], check=True, cwd=tmp_path)
        subprocess.run([sys.executable, "-S", "-c", YIELDING], check=True)
        trigger.run()
        fired = {(provider, name) for provider, name in table(running.finish())}
    others = {("sdt", name) for name in ("interrupt-start", "interrupt-complete", "callout-start", "callout-end")}
    others |= {("callout_execute", "callout-start"), ("callout_execute", "callout-end")}
    others |= {("syscall", "entry"), ("syscall", "return"), ("dtrace", "BEGIN")}
    assert fired == listed | others
