"""vminfo and sysinfo count what the kernel's own accounts do (getrusage, /proc/PID/io, /proc/PID/status, /proc/stat), lockstat what
bpftrace sees of the same events."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.crosscheck.gate import Gated, accounted, bounded
from tests.crosscheck.tools import bpftrace_maps, d2bpf

pytestmark = pytest.mark.needs("root")

TRANSFERS = """
sysinfo:::sysread, sysinfo:::readch, sysinfo:::syswrite, sysinfo:::writech /pid == $1/ { @[probename] = sum(arg0); }
"""


def test_calls_and_bytes_are_those_of_proc_io(triggers: Path) -> None:
    accounts = {"syscr": "sysread", "rchar": "readch", "syscw": "syswrite", "wchar": "writech"}
    with Gated(triggers, "read=7,4001", "write=11,777") as trigger:
        rose, counted = accounted(trigger, trigger.transfers, TRANSFERS, trigger.pid)
    assert counted == {(probe,): rose[name] for name, probe in accounts.items()}


SWITCHES = """
sysinfo:::pswitch /pid == $1/ { @["pswitch"] = sum(arg0); }
sysinfo:::inv_swtch /pid == $1/ { @["inv_swtch"] = sum(arg0); }
BEGIN { @["inv_swtch"] = sum(0); }
"""


def test_switches_are_those_of_proc_status(triggers: Path) -> None:
    with Gated(triggers, "sleep=40", "burn=100") as trigger:
        rose, counted = accounted(trigger, trigger.switches, SWITCHES, trigger.pid)
    assert rose["voluntary_ctxt_switches"] >= 41
    assert counted == {("pswitch",): rose.total(), ("inv_swtch",): rose["nonvoluntary_ctxt_switches"]}


FAULTS = """
vminfo:::as_fault, vminfo:::prot_fault /pid == $1/ { @["all"] = sum(arg0); }
vminfo:::maj_fault /pid == $1/ { @["major"] = sum(arg0); }
cpc:::page_faults-all-1 /pid == $1/ { @["counted"] = sum(1); }
"""


@pytest.mark.needs("rawtp:page_fault_user")
def test_page_faults_are_those_of_getrusage(triggers: Path) -> None:
    def faults() -> dict[str, int]:
        fields = trigger.proc("stat").rpartition(")")[2].split()
        return {"minor": int(fields[7]), "major": int(fields[9])}

    with Gated(triggers, "read=5,4000001", "write=5,3000001") as trigger:
        rose, counted = accounted(trigger, faults, FAULTS, trigger.pid)
    assert rose["minor"] > 900
    assert counted["counted",] == counted["all",] == rose.total()
    assert counted.get(("major",), 0) == rose["major"]


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
