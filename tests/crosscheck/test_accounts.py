"""What is traced of a process equals what the kernel's accounts of it say: /proc/PID/io, status, schedstat, clocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crosscheck.gate import Gated, accounted, tracing

pytestmark = pytest.mark.needs("root")

READS = "syscall::read:return, syscall::pread:return, syscall::readv:return"
WRITES = "syscall::write:return, syscall::pwrite:return, syscall::writev:return"
TRANSFERS = f"""
{READS} /pid == $1/ {{ @["syscr"] = sum(1); @["rchar"] = sum(arg0); }}
{WRITES} /pid == $1/ {{ @["syscw"] = sum(1); @["wchar"] = sum(arg0); }}
"""


def test_bytes_and_calls_of_reads_and_writes(triggers: Path) -> None:
    with Gated(triggers, "read=50,4001", "write=30,777") as trigger:
        rose, counted = accounted(trigger, trigger.transfers, TRANSFERS, trigger.pid)
    # The byte that opens the gate, and the word that says that all is done.
    assert counted == {(name,): value for name, value in rose.items()}
    assert counted == {("rchar",): 150 * 4001 + 1, ("wchar",): 90 * 777 + 5, ("syscr",): 151, ("syscw",): 91}


SWITCHES = """
sched:::on-cpu /pid == $1/ { @["on-cpu"] = count(); }
sched:::off-cpu /pid == $1/ { @["off-cpu"] = count(); }
sched:::sleep /pid == $1/ { @["sleep"] = count(); }
sched:::preempt /pid == $1/ { @["preempt"] = count(); }
"""


def test_context_switches(triggers: Path) -> None:
    with Gated(triggers, "sleep=40", "burn=200") as trigger:
        rose, counted = accounted(trigger, trigger.switches, SWITCHES, trigger.pid)
    slept, preempted = rose["voluntary_ctxt_switches"], rose["nonvoluntary_ctxt_switches"]
    assert slept >= 41
    assert counted.get(("preempt",), 0) == preempted
    assert (counted["sleep",], counted["on-cpu",], counted["off-cpu",]) == (slept, slept + preempted, slept + preempted)


ON_CPU = """
sched:::on-cpu /pid == $1/ { self->on = timestamp; self->ran = vtimestamp; }
sched:::off-cpu /self->on/ { @["on"] = sum(timestamp - self->on); @["ran"] = sum(vtimestamp - self->ran); self->on = 0; }
"""


def test_time_on_a_processor(triggers: Path) -> None:
    with Gated(triggers, "sleep=20", "burn=300") as trigger:
        spent, counted = accounted(trigger, trigger.cpu_time, ON_CPU, trigger.pid)
    assert counted["on",] == pytest.approx(spent["nanoseconds"], rel=0.03)
    assert counted["ran",] == pytest.approx(spent["nanoseconds"], rel=0.01)


CLOCKS = 'syscall::getppid:entry /pid == $1/ { printf("%d %d %d\\n", vtimestamp, timestamp, walltimestamp); }'


def test_clocks(triggers: Path) -> None:
    with Gated(triggers, "clocks=20") as trigger, tracing(CLOCKS, trigger.pid) as running:
        own = [[int(word) for word in line.split()[1:]] for line in trigger.run()]
        traced = [[int(word) for word in line.split()] for line in running.finish().splitlines() if line]
    assert len(own) == len(traced) == 20
    # The scheduler's clock is known to some microseconds, the wall clock's distance to the monotonic one as of the beginning.
    for limits, seen in zip(own, traced, strict=True):
        for clock, slack in ((0, 50_000), (1, 0), (2, 1_000_000)):
            before, after = limits[2 * clock : 2 * clock + 2]
            assert before - slack <= seen[clock] <= after + slack, ("vtimestamp", "timestamp", "walltimestamp")[clock]
    offsets = [wall - monotonic for _, monotonic, wall in traced]
    assert len(set(offsets)) == 1


SAMPLES = 'profile-997 /pid == $1/ { @["samples"] = count(); }'


def test_samples_follow_processor_time(triggers: Path) -> None:
    with Gated(triggers, "burn=700") as trigger:
        spent, counted = accounted(trigger, trigger.cpu_time, SAMPLES, trigger.pid)
    # Each stay on a processor may gain or lose a sample at its ends, as often one as the other.
    assert counted["samples",] == pytest.approx(997 * spent["nanoseconds"] / 1e9, rel=0.06)


def test_ticks_keep_time() -> None:
    script = """
    BEGIN { start = timestamp; }
    tick-25ms { ticks++; }
    tick-1s { printf("%d %d\\n", ticks, (timestamp - start) / 25000000); }
    """
    with tracing(script) as running:
        line = running.line()
    ticks, due = map(int, line.split())
    assert due - 6 <= ticks <= due  # one that is missed for want of a processor is not made up
