"""vminfo and sysinfo count what the kernel's own accounts do (getrusage, /proc/PID/io, /proc/PID/status, /proc/stat), lockstat what
bpftrace sees of the same events."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.crosscheck.gate import Gated, bounded, tracing
from tests.crosscheck.tools import bpftrace_maps, d2bpf, table

pytestmark = pytest.mark.needs("root")

TRANSFERS = """
sysinfo:::sysread, sysinfo:::readch, sysinfo:::syswrite, sysinfo:::writech /pid == $1/ { @[probename] = sum(arg0); }
"""


def test_calls_and_bytes_are_those_of_proc_io(triggers: Path) -> None:
    accounts = {"syscr": "sysread", "rchar": "readch", "syscw": "syswrite", "wchar": "writech"}
    with Gated(triggers, "read=50,4001", "write=30,777") as trigger:
        before = trigger.numbers("io", *accounts)
        with tracing(TRANSFERS, trigger.pid) as running:
            trigger.run()
            after = trigger.numbers("io", *accounts)
            counted = table(running.finish())
    assert counted == {(probe,): after[name] - before[name] for name, probe in accounts.items()}


SWITCHES = """
sysinfo:::pswitch /pid == $1/ { @["pswitch"] = sum(arg0); }
sysinfo:::inv_swtch /pid == $1/ { @["inv_swtch"] = sum(arg0); }
BEGIN { @["inv_swtch"] = sum(0); }
"""


def test_switches_are_those_of_proc_status(triggers: Path) -> None:
    names = ("voluntary_ctxt_switches", "nonvoluntary_ctxt_switches")
    with Gated(triggers, "sleep=40", "burn=100") as trigger:
        before = trigger.numbers("status", *names)
        with tracing(SWITCHES, trigger.pid) as running:
            trigger.run()
            after = trigger.numbers("status", *names)
            counted = table(running.finish())
    slept, preempted = (after[name] - before[name] for name in names)
    assert counted == {("pswitch",): slept + preempted, ("inv_swtch",): preempted}


FAULTS = """
vminfo:::as_fault, vminfo:::prot_fault /pid == $1/ { @["all"] = sum(arg0); }
vminfo:::maj_fault /pid == $1/ { @["major"] = sum(arg0); }
cpc:::page_faults-all-1 /pid == $1/ { @["counted"] = sum(1); }
"""


def _faults(pid: int) -> tuple[int, int]:
    """Minor and major faults of a process, as getrusage gives them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[7]), int(fields[9])


@pytest.mark.needs("rawtp:page_fault_user")
def test_page_faults_are_those_of_getrusage(triggers: Path) -> None:
    with Gated(triggers, "read=5,4000001", "write=5,3000001") as trigger:
        before = _faults(trigger.pid)
        with tracing(FAULTS, trigger.pid) as running:
            trigger.run()
            minor, major = (after - at for after, at in zip(_faults(trigger.pid), before, strict=True))
            counted = table(running.finish())
    assert minor > 900
    assert counted["counted",] == minor + major
    assert counted["all",] == minor + major
    assert counted.get(("major",), 0) == major


@pytest.mark.needs("rawtp:task_newtask")
def test_forks_are_those_of_proc_stat(triggers: Path) -> None:
    def forks() -> int:
        lines = Path("/proc/stat").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("processes "))

    with bounded(forks, "sysinfo:::nthreads { @ = sum(arg0); }") as finish:
        subprocess.run([triggers / "syscalls", "fork", "20", "vfork", "10"], check=True)
        subprocess.run([triggers / "threads", "15", "1"], check=True)
        printed, bounds = finish()
    assert bounds.inside >= 47
    assert bounds.hold(int(printed.split()[-1]))


SLEPT = """
tracepoint:lock:contention_begin /pid == cpid && (args->flags & 32) && !(args->flags & 1)/ { @asleep[tid, args->lock_addr] = 1; }
tracepoint:lock:contention_end /@asleep[tid, args->lock_addr]/ { @slept = count(); delete(@asleep[tid, args->lock_addr]); }
"""


@pytest.mark.needs("rawtp:contention_begin", "command:bpftrace")
def test_waits_for_mutexes_are_those_that_bpftrace_sees(triggers: Path) -> None:
    trigger = [str(triggers / "contend"), "mutex", "17", "5"]
    slept = bpftrace_maps(SLEPT, trigger)["@slept"][""]
    traced = d2bpf("-q", "-n", "lockstat:::adaptive-block /pid == $target/ { @ = count(); }", "-c", " ".join(trigger))
    # The mutex of the pipe; the kernel may have had another that was taken.
    assert 17 <= slept <= 19
    assert 17 <= int(traced.stdout.split()[-1]) <= 19
