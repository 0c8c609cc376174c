"""Other tools' numbers, as values: strace's table of system calls, bpftrace's maps."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.harness import bpftrace
from tests.harness.run import Outcome, command


@dataclass(frozen=True)
class SyscallCount:
    """What strace -c says of one system call."""

    calls: int
    errors: int


def parse_strace(table: str) -> dict[str, SyscallCount]:
    """The table that `strace -c -U name,calls,errors` writes: columns name, calls, errors (empty for none)."""
    counts = {}
    lines = table.splitlines()
    rulers = [number for number, line in enumerate(lines) if line.startswith("---")]
    for line in lines[rulers[0] + 1 : rulers[1]]:
        name, *numbers = line.split()
        calls, errors = (int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0)
        counts[name] = SyscallCount(calls, errors)
    return counts


def strace(argv: list[str]) -> dict[str, SyscallCount]:
    """System calls that `argv` and its children make, by name; the execve that starts it is one of them."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "table"
        tracer = ["strace", "-f", "-c", "-U", "name,calls,errors", "-o", str(table)]
        subprocess.run([*tracer, *argv], check=True, stdout=subprocess.DEVNULL, timeout=60)
        return parse_strace(table.read_text())


def parse_bpftrace(output: str) -> dict[str, dict[str, int]]:
    """The maps that `bpftrace -f json` prints at its end, by name: key as text ("" for a map without keys) -> value."""
    maps: dict[str, dict[str, int]] = {}
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        message = json.loads(line)
        if message["type"] == "map":
            for name, value in message["data"].items():
                maps[name] = value if isinstance(value, dict) else {"": value}
    return maps


def bpftrace_maps(program: str, trigger: list[str]) -> dict[str, dict[str, int]]:
    """The maps of `program` after tracing while `trigger` ran as its -c, with `cpid`. The child counts from before its
    execve on: it closes descriptors and executes first."""
    done = subprocess.run(
        bpftrace.command_line("-f", "json", "-e", program, "-c", " ".join(trigger)),
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return parse_bpftrace(done.stdout)


def d2bpf(*arguments: str, timeout: float = 60) -> Outcome:
    """How `d2bpf ARGUMENTS` ended."""
    done = subprocess.run([command(), *arguments], capture_output=True, text=True, timeout=timeout, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


def table(output: str) -> dict[tuple[str, ...], int]:
    """Aggregation rows as dtrace prints them: the words before the last are the key, the last is the value."""
    rows = {}
    for line in output.splitlines():
        *key, value = line.split() or [""]
        if key and value.lstrip("-").isdigit():
            rows[tuple(key)] = int(value)
    return rows
