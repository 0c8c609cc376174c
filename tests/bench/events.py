"""What one event costs the traced program, how many a printing script bears, and how much memory tracing takes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import tools
from tests.bench.measure import Contender, Series, Unavailable, paired

MILLISECONDS = 300
GETPPID = "tracepoint:syscalls:sys_enter_getppid { @ = count(); }"
RAW = "tracepoint:raw_syscalls:sys_enter /args->id == 110/ { @ = count(); }"
BPFTRACE_READY = 'BEGIN { printf("ready\\n"); } '
D_READY = 'BEGIN { printf("ready\\n"); } '

HAND_RAW = "BCC by hand, raw tracepoint sys_enter"
HAND_UPROBE = "BCC by hand, uprobe"


def syscall_cost(place: tools.Place, triggers: Path, rounds: int) -> list[Series]:
    """ns that counting adds to a getppid system call; the first series is the call itself."""
    count = D_READY + "syscall::getppid:entry { @ = count(); }"
    by_name = D_READY + "syscall:::entry { @[probefunc] = count(); }"
    tracers = {
        HAND_RAW: tools.bcc("count_syscall", "110"),
        "d2bpf: syscall::getppid:entry { @ = count(); }": tools.d2bpf("-qn", count),
        "d2bpf: syscall:::entry { @[probefunc] = count(); }": tools.d2bpf("-qn", by_name),
        "bpftrace: tracepoint:syscalls:sys_enter_getppid": tools.bpftrace(BPFTRACE_READY + GETPPID),
        "bpftrace: tracepoint:raw_syscalls:sys_enter": tools.bpftrace(BPFTRACE_READY + RAW),
    }
    return _costs(tracers, place, triggers, rounds, [])


def uprobe_cost(place: tools.Place, triggers: Path, rounds: int) -> list[Series]:
    """ns that counting adds to a call of a function in user space; the first series is the call itself."""
    program = triggers / "flood"
    tracers = {
        HAND_UPROBE: tools.bcc("count_uprobe", str(program), "flooded"),
        "bpftrace: uprobe": tools.bpftrace(BPFTRACE_READY + f"uprobe:{program}:flooded {{ @ = count(); }}"),
    }
    series = _costs(tracers, place, triggers, rounds, ["call"])
    return [
        *series,
        *paired([Contender("d2bpf: pid$target::flooded:entry", lambda: _pid_probe(place, program))], rounds),
    ]


def _costs(tracers: dict[str, list[str]], place: tools.Place, triggers: Path, rounds: int, kind: list[str]) -> list[Series]:
    def bare() -> float:
        return tools.flood(triggers, MILLISECONDS, *kind)[1]

    def traced(argv: Sequence[str]) -> Callable[[], float]:
        def cost() -> float:
            without = bare()
            with tools.tracing(argv, place):
                return tools.flood(triggers, MILLISECONDS, *kind)[1] - without

        return cost

    contenders = [Contender(name, traced(argv)) for name, argv in tracers.items()]
    return paired([Contender("nothing attached", bare), *contenders], rounds, warm_up=False)


def _pid_probe(place: tools.Place, program: Path) -> float:
    """ns of one call while d2bpf, which started the program, counts it."""
    script = "pid$target::flooded:entry { @ = count(); }"
    argv = tools.d2bpf("-qn", script, "-c", f"{program} {MILLISECONDS} call")
    done = subprocess.run(argv, env=place.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(tools.complaint(done.stderr.encode(), done.returncode))
    return float(done.stdout.split()[1])


RATES = (50_000, 100_000, 200_000, 300_000, 400_000, 600_000)
SECONDS = 2


def print_rates(place: tools.Place, triggers: Path) -> list[list[str]]:
    """Rows (tool, rate, ...): what became of the lines of a printing script at each rate of events."""
    tracers = {
        "d2bpf": tools.d2bpf("-qn", D_READY + 'syscall::getppid:entry { printf("%d %d\\n", pid, timestamp); }'),
        "bpftrace": tools.bpftrace(BPFTRACE_READY + 'tracepoint:syscalls:sys_enter_getppid { printf("%d %lu\\n", pid, nsecs); }'),
    }
    table = []
    for name, argv in tracers.items():
        cells = []
        for rate in RATES:
            try:
                cells.append(_lost(argv, place, triggers, rate))
            except Unavailable as error:
                cells = [f"n/a: {error}", *[""] * (len(RATES) - 1)]
                break
        table.append([name, *cells])
    return table


def _lost(argv: Sequence[str], place: tools.Place, triggers: Path, rate: int) -> str:
    """The share of the calls whose line is missing. Other processes' calls may add a few lines."""
    output = place.folder / "lines"
    with tools.tracing(argv, place, output):
        calls, _ = tools.flood(triggers, SECONDS * 1000, str(rate))
        time.sleep(0.2)
    lines = sum(line[:1].isdigit() for line in output.read_bytes().splitlines())
    if calls < 0.9 * rate * SECONDS:
        return f"only {calls / SECONDS / 1000:.0f} k/s made"
    return "none" if lines >= calls else f"{(calls - lines) / calls:.1%}"


def memory(place: tools.Place) -> list[list[str]]:
    """Rows (script, tool, MiB): resident memory half a second after tracing began, children counted too."""
    tasks = {
        "a counter on one system call": (
            tools.d2bpf("-qn", D_READY + "syscall::getppid:entry { @ = count(); }"),
            tools.bpftrace(BPFTRACE_READY + GETPPID),
            tools.bcc("count_syscall", "110"),
        ),
        "all system calls by process": (
            tools.d2bpf("-qn", D_READY + "syscall:::entry { @[execname, probefunc] = count(); }"),
            tools.bpftrace(BPFTRACE_READY + "tracepoint:raw_syscalls:sys_enter { @[comm, args->id] = count(); }"),
            tools.bcc("all_syscalls", "stay"),
        ),
    }
    table = []
    for task, commands in tasks.items():
        cells = []
        for argv in commands:
            try:
                with tools.tracing(argv, place) as process:
                    time.sleep(0.5)
                    cells.append(f"{tools.resident(process.pid) / 1024:.0f} MiB")
            except Unavailable as error:
                cells.append(f"n/a: {error}")
        table.append([task, *cells])
    return table
