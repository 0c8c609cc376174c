"""The tools that are compared: how each is started, known to be tracing, and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import Unavailable
from tests.harness.run import SYSTEM_PYTHON, command

HANDWRITTEN = Path(__file__).resolve().parent / "handwritten"
READY = b"ready"
SETTLE = 0.3  # seconds from "ready" on: bpftrace runs BEGIN before it attaches the rest
PATIENCE = 30.0  # seconds until a tool must be tracing


@dataclass
class Place:
    """Where a benchmark run keeps its files: d2bpf's warm cache, and the headers that the BCC programs compile with."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from d2bpf.runtime import headers

        tree = self.folder / "headers"
        tree.mkdir()
        headers.write_tree(str(tree), headers.host_files())
        self.environment = {
            **os.environ,
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "BCC_KERNEL_SOURCE": str(tree),
            "LC_ALL": "C.UTF-8",
        }

    @contextmanager
    def cold(self) -> Iterator[dict[str, str]]:
        """An environment in which d2bpf has no cache."""
        with TemporaryDirectory(dir=self.folder) as empty:
            yield {**self.environment, "XDG_CACHE_HOME": empty}


def d2bpf(*arguments: str) -> list[str]:
    return [command(), *arguments]


def bpftrace(program: str, *arguments: str) -> list[str]:
    return ["bpftrace", *arguments, "-e", program]


def bcc(name: str, *arguments: str) -> list[str]:
    """A program of handwritten/."""
    return [SYSTEM_PYTHON, str(HANDWRITTEN / f"{name}.py"), *arguments]


def whole_run(argv: Sequence[str], environment: Mapping[str, str]) -> float:
    """Milliseconds from starting `argv` to its end. Raises Unavailable when it fails."""
    if shutil.which(argv[0]) is None:
        raise Unavailable(f"no {Path(argv[0]).name}")
    start = time.perf_counter()
    done = subprocess.run(argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    spent = (time.perf_counter() - start) * 1000
    if done.returncode:
        raise Unavailable(complaint(done.stderr, done.returncode))
    return spent


def complaint(stderr: bytes, status: int) -> str:
    """The line of a failed tool's messages that says why."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    lines = [line for line in lines if "RLIMIT_MEMLOCK" not in line]
    said = [line for line in lines if line.startswith("dtrace: ")]
    return (said or lines[-1:] or [f"exit status {status}"])[0].strip()


@contextmanager
def tracing(argv: Sequence[str], place: Place, output: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The tool while it traces: from its printing "ready" on, until it has ended after SIGINT. Its standard output and
    error are the files `output` and `output`.err."""
    if shutil.which(argv[0]) is None:
        raise Unavailable(f"no {Path(argv[0]).name}")
    out = output or place.folder / "tracer"
    err = out.with_name(out.name + ".err")
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            argv, env=place.environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
        )
    try:
        end = time.monotonic() + PATIENCE
        while READY not in out.read_bytes():
            if process.poll() is not None:
                raise Unavailable(complaint(err.read_bytes(), process.returncode))
            if time.monotonic() > end:
                raise Unavailable(f"not tracing after {PATIENCE:g} s")
            time.sleep(0.005)
        time.sleep(SETTLE)
        yield process
        _end(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGINT until it has ended: bpftrace does not hear one that comes at the wrong moment."""
    for _ in range(int(PATIENCE)):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            continue
        return
    raise Unavailable(f"still there {PATIENCE:g} s after SIGINT")


def flood(triggers: Path, milliseconds: int, *arguments: str) -> tuple[int, float]:
    """(calls made, ns per call) of the flood trigger, pinned to the last CPU."""
    last = str((os.cpu_count() or 1) - 1)
    done = subprocess.run(
        ["taskset", "-c", last, str(triggers / "flood"), str(milliseconds), *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    calls, cost = done.stdout.split()
    return int(calls), float(cost)


def resident(pid: int) -> int:
    """KiB of memory in which `pid` and its children reside now."""
    total = 0
    for one in [pid, *_children(pid)]:
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total


def _children(of: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == of:
                found.append(int(entry))
    return found
