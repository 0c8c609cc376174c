"""How often things happened, by strace, bpftrace, /proc/stat and /proc/diskstats, and by us."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crosscheck import tools
from tests.crosscheck.gate import bounded
from tests.crosscheck.tools import SyscallCount, table

pytestmark = pytest.mark.needs("root")

CALLS = """
syscall:::entry /pid == $target/ { @[probefunc, "calls"] = count(); }
syscall:::return /pid == $target && errno != 0/ { @[probefunc, "errors"] = count(); }
"""
# strace has the kernel's names where people know a call by another.
USUAL = {"newstat": "stat", "newlstat": "lstat", "newfstat": "fstat", "pread64": "pread", "pwrite64": "pwrite"}


@pytest.mark.needs("command:strace")
def test_system_calls_of_a_whole_program(triggers: Path, tmp_path: Path) -> None:
    argv = [str(triggers / "files"), str(tmp_path / "file"), "4096", "11"]
    with_strace = tools.strace(argv)
    outcome = tools.d2bpf("-q", "-x", "evaltime=exec", "-n", CALLS, "-c", " ".join(argv))
    traced = table(outcome.stdout)
    counted = {
        name: SyscallCount(traced[name, "calls"], traced.get((name, "errors"), 0)) for name, what in traced if what == "calls"
    }
    # What executes the program comes before we look; strace counts what returns.
    assert with_strace.pop("execve") == SyscallCount(1, 0)
    assert counted.pop("exit_group") == SyscallCount(1, 0)
    assert counted == {USUAL.get(name, name): count for name, count in with_strace.items()}


KINDS = "openat 30 badread 20 getppid 500 lseek 7 close 9 stat 4 badnumber 3"


@pytest.mark.needs("command:bpftrace", "rawtp:sys_enter")
def test_raw_tracepoint_of_system_calls(triggers: Path) -> None:
    argv = [str(triggers / "syscalls"), "-c", "counted", *KINDS.split()]
    program = 'tracepoint:raw_syscalls:sys_enter /comm == "counted"/ { @[args->id] = count(); }'
    expected = Counter(tools.bpftrace_maps(program, argv)["@"])
    script = 'rawtp:raw_syscalls::sys_enter /execname == "counted"/ { @[arg1] = count(); }'
    outcome = tools.d2bpf("-q", "-n", script, "-c", " ".join(argv))
    assert {number: count for (number,), count in table(outcome.stdout).items()} == expected
    script = 'syscall:::entry /execname == "counted"/ { @["all"] = count(); }'
    outcome = tools.d2bpf("-q", "-n", script, "-c", " ".join(argv))
    # A number that no call has is none of syscall's.
    assert table(outcome.stdout)["all",] == expected.total() - expected["9999"]


PROCESSES = """
proc:::create /pid == $target/ { @["create"] = count(); }
proc:::lwp-create /pid == $target/ { @["lwp-create"] = count(); }
proc:::start /ppid == $target/ { @["start"] = count(); }
proc:::exec /ppid == $target/ { @["exec"] = count(); }
proc:::exec-success /ppid == $target/ { @["exec-success"] = count(); }
proc:::exec-failure /ppid == $target/ { @["exec-failure"] = count(); }
proc:::exit /ppid == $target/ { @["exit"] = count(); }
proc:::lwp-exit /ppid == $target/ { @["lwp-exit"] = count(); }
"""


@pytest.mark.needs("command:strace")
def test_processes(triggers: Path) -> None:
    argv = [str(triggers / "spawn"), "-n", "5", "exit=0", "signal=15", "exec=/bin/true", "exec=/nonexistent"]
    with_strace = tools.strace(argv)
    traced = {name: count for (name,), count in table(tools.d2bpf("-q", "-n", PROCESSES, "-c", " ".join(argv)).stdout).items()}
    forks = sum(with_strace[name].calls for name in ("fork", "vfork", "clone", "clone3") if name in with_strace)
    assert forks == 20
    assert {name: traced[name] for name in ("create", "lwp-create", "start", "exit", "lwp-exit")} == dict.fromkeys(
        ("create", "lwp-create", "start", "exit", "lwp-exit"), forks
    )
    execs = with_strace["execve"]
    assert traced["exec"] == execs.calls - 1  # that which started the program
    assert traced["exec-failure"] == execs.errors
    assert traced["exec-success"] == execs.calls - 1 - execs.errors


def forked() -> int:
    """Processes and threads that came to be since the machine started."""
    lines = dict(line.split(None, 1) for line in Path("/proc/stat").read_text().splitlines())
    return int(lines["processes"])


def test_forks_of_the_whole_machine(triggers: Path) -> None:
    with bounded(forked, 'proc:::lwp-create { @["all"] = count(); }') as finish:
        subprocess.run([triggers / "spawn", "-n", "40", "exit=0"], check=True)
        subprocess.run([triggers / "threads", "20", "1"], check=True)
        printed, bounds = finish()
    # Init may be hidden from tracing: then what it forks is counted only by /proc/stat.
    assert 62 <= table(printed)["all",] <= bounds.around
    assert bounds.inside >= 62


def disk() -> str:
    """The block device of the folder for temporary files."""
    number = os.stat("/tmp").st_dev
    return Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve().name


def disk_stat(*columns: int) -> Callable[[], int]:
    """Sums columns of the disk's line of /proc/diskstats, counted from 0 behind its name."""

    def look() -> int:
        rows = {words[2]: words[3:] for words in map(str.split, Path("/proc/diskstats").read_text().splitlines())}
        return sum(int(rows[disk()][column]) for column in columns)

    return look


READS, READ_SECTORS, WRITES, WRITTEN_SECTORS, DISCARDS, DISCARDED_SECTORS, FLUSHES = 0, 2, 4, 6, 11, 13, 15


@pytest.mark.needs("disk")
@pytest.mark.parametrize(
    ("columns", "value"),
    [
        ((READS,), "args[0]->b_flags & B_READ && args[0]->b_bcount ? 1 : 0"),
        ((READ_SECTORS,), "args[0]->b_flags & B_READ ? args[0]->b_bcount / 512 : 0"),
        ((WRITTEN_SECTORS, DISCARDED_SECTORS), "args[0]->b_flags & B_WRITE ? args[0]->b_bcount / 512 : 0"),
        ((READS, WRITES, DISCARDS), "1"),
    ],
    ids=["reads", "sectors read", "sectors written", "requests"],
)
def test_disk(triggers: Path, tmp_path: Path, columns: tuple[int, ...], value: str) -> None:
    script = f'io:::done /args[1]->dev_statname == "{disk()}"/ {{ @["done"] = sum({value}); }}'
    with bounded(disk_stat(*columns), script) as finish:
        subprocess.run([triggers / "files", tmp_path / "file", "16384", "25", "direct", "fsync"], check=True)
        printed, bounds = finish()
    assert bounds.inside >= 25
    assert bounds.hold(table(printed)["done",]), bounds


@pytest.mark.needs("disk")
def test_direct_io_of_one_program(triggers: Path, tmp_path: Path) -> None:
    script = """
    io:::start /pid == $target && args[1]->dev_statname == $$1/ { size[arg0] = args[0]->b_bcount; }
    io:::done /size[arg0] == 16384/ { @[args[0]->b_flags & B_READ ? "read" : "written"] = sum(args[0]->b_bcount); size[arg0] = 0; }
    """
    trigger = f"{triggers / 'files'} {tmp_path / 'file'} 16384 25 direct"
    outcome = tools.d2bpf("-q", "-n", script, disk(), "-c", trigger)
    assert outcome.stderr == ""
    # Reads are all the program's own; a file system may write of its own as much as it likes.
    counted = table(outcome.stdout)
    assert counted["read",] == 25 * 16384
    assert counted["written",] >= 25 * 16384


@pytest.mark.parametrize("signals", [[], ["-k"]], ids=["to itself", "to children"])
def test_signals(triggers: Path, signals: list[str]) -> None:
    script = "proc:::signal-send /pid == $target && args[2] == 12/ { @[args[1]->pr_pid == pid ? 0 : 1] = count(); }"
    outcome = tools.d2bpf("-q", "-n", script, "-c", " ".join([str(triggers / "signals"), *signals, "12", "31"]))
    assert table(outcome.stdout) == {(str(len(signals)),): 31}


def test_errors_by_name(triggers: Path) -> None:
    script = """
    syscall:::return /execname == "failing" && errno/ {
        @[errno == EBADF ? "EBADF" : errno == ENOENT ? "ENOENT" : errno == ENOSYS ? "ENOSYS" : "another", probefunc] = count();
    }
    """
    trigger = "syscalls -c failing badread 6 badwrite 5 badclose 4 badopenat 3"
    outcome = tools.d2bpf("-q", "-n", script, "-c", f"{triggers}/{trigger}")
    assert table(outcome.stdout) == {
        ("EBADF", "read"): 6,
        ("EBADF", "write"): 5,
        ("EBADF", "close"): 4,
        ("ENOENT", "openat"): 3,
    }
