"""Static probes: semaphores as the program itself sees them, and firings by bpftrace and by us."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from d2bpf.symbols.elf import Elf
from tests.crosscheck import tools
from tests.crosscheck.gate import tracing
from tests.harness import kernel

pytestmark = pytest.mark.needs("root", "uprobes")

COUNT = 20
READ = {"x86_64": 0, "aarch64": 63}[platform.machine()]  # the number of read(2)


class Trial:
    """The trigger usdt, waiting for its start."""

    def __init__(self, argv: list[str]) -> None:
        self.program = argv[0]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = self._process.pid

    def semaphore(self) -> int:
        """The counter in the process's memory."""
        with Elf.open(self.program) as elf:
            address = next(value for name, value, *_ in elf.symbols() if name == "trial_guarded_semaphore")
        maps = Path(f"/proc/{self.pid}/maps").read_text().splitlines()
        start = next(int(line.split("-")[0], 16) for line in maps if line.endswith(self.program))
        with open(f"/proc/{self.pid}/mem", "rb") as memory:
            memory.seek(start + address)
            return int.from_bytes(memory.read(2), "little")

    def run(self) -> str:
        """Let it run to its end; what it printed."""
        return self._process.communicate("\n", timeout=60)[0]

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def waiting(argv: list[str]) -> Iterator[Trial]:
    """A command that runs the trigger, once that reads its standard input."""
    started = Trial(argv)
    try:
        assert kernel.wait_until(lambda: is_reading(started.pid), 60)
        yield started
    finally:
        started.end()


def is_reading(pid: int) -> bool:
    """Whether a process that has mapped the trigger waits in read(2)."""
    call = Path(f"/proc/{pid}/syscall").read_text().split()
    name = Path(f"/proc/{pid}/comm").read_text().strip()
    return call[:2] == [str(READ), "0x0"] and name in ("usdt", "hidden")


@contextmanager
def trial(triggers: Path) -> Iterator[Trial]:
    with waiting([str(triggers / "usdt"), str(COUNT), "wait", "report"]) as process:
        yield process


def test_the_semaphore_is_set_where_the_probe_is_traced(triggers: Path) -> None:
    with trial(triggers) as one, trial(triggers) as other:
        assert (one.semaphore(), other.semaphore()) == (0, 0)
        with tracing("trial$1:::guarded { @ = count(); }", one.pid) as first:
            assert (one.semaphore(), other.semaphore()) == (1, 0)
            with tracing("trial*:::guarded { @ = count(); }") as second:
                assert (one.semaphore(), other.semaphore()) == (1, 1)  # the kernel counts a probe, not those who trace it
                assert one.run() == f"guarded {COUNT} semaphore 1\n"
                assert first.finish().split() == [str(COUNT)]
                assert other.semaphore() == 1
                assert second.finish().split() == [str(COUNT)]
        assert other.semaphore() == 0
        assert other.run() == "guarded 0 semaphore 0\n"


def test_nothing_is_left_incremented_when_the_tracer_is_killed(triggers: Path) -> None:
    with trial(triggers) as process:
        with tracing("trial*:::guarded { @ = count(); }") as killed:
            assert process.semaphore() == 1
            os.kill(killed.pid, 9)
        assert kernel.wait_until(lambda: process.semaphore() == 0, 60)
        assert process.run() == "guarded 0 semaphore 0\n"


def test_a_process_that_starts_later_is_seen_by_its_semaphore(triggers: Path) -> None:
    with trial(triggers), tracing("trial*:::guarded { @[pid] = count(); }") as running:
        with trial(triggers) as later:
            assert later.semaphore() == 1
            assert later.run() == f"guarded {COUNT} semaphore 1\n"
        assert running.finish().split() == [str(later.pid), str(COUNT)]


@pytest.mark.needs("command:bpftrace")
def test_arguments_as_bpftrace_reads_them(triggers: Path) -> None:
    """Without arg0, which lies at a symbol: bpftrace 0.17 reads that elsewhere."""
    program = triggers / "usdt"
    maps = tools.bpftrace_maps(f"usdt:{program}:trial:places {{ @[arg1, arg2, arg3] = count(); }}", [str(program), "6"])
    expected = {tuple(map(int, key.split(","))): value for key, value in maps["@"].items()}
    script = "trial$target:::places { @[arg1, arg2, arg3] = count(); }"
    outcome = tools.d2bpf("-q", "-n", script, "-c", f"{program} 6")
    found = [tuple(map(int, line.split())) for line in outcome.stdout.splitlines() if line]
    assert {row[:3]: row[3] for row in found} == expected
    assert len(expected) == 6


def counted(running: Trial) -> str:
    """What one process's probe is found to fire."""
    with tracing("trial$1:::plain { @ = count(); }", running.pid) as process:
        running.run()
        return process.finish().strip()


def test_a_program_that_only_its_own_mount_namespace_has(triggers: Path, tmp_path: Path) -> None:
    script = f"mount -t tmpfs none {tmp_path} && cp {triggers}/usdt {tmp_path}/hidden && exec {tmp_path}/hidden {COUNT} wait"
    with waiting(["unshare", "-m", "sh", "-c", script]) as hidden:
        assert not (tmp_path / "hidden").exists()
        assert counted(hidden) == str(COUNT)


def test_a_program_whose_file_was_deleted(triggers: Path, tmp_path: Path) -> None:
    copy = tmp_path / "usdt"
    shutil.copy(triggers / "usdt", copy)
    with waiting([str(copy), str(COUNT), "wait"]) as deleted:
        copy.unlink()
        assert counted(deleted) == str(COUNT)


def test_a_program_that_was_replaced_by_another(triggers: Path, tmp_path: Path) -> None:
    copy = tmp_path / "usdt"
    shutil.copy(triggers / "usdt", copy)
    with waiting([str(copy), str(COUNT), "wait"]) as old:
        copy.unlink()
        copy.write_bytes(b"\x7fELF is all that this is")
        assert counted(old) == str(COUNT)
