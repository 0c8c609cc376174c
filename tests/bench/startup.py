"""How long whole runs take: from the start of the process to its end."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench import tools
from tests.bench.measure import Contender, Series, Unavailable, paired


@dataclass(frozen=True)
class Task:
    """The same work for each tool. `slow`: bpftrace takes a minute, so it runs once, and only when asked."""

    name: str
    d: str
    bpftrace: str
    bcc: str
    slow: bool = False


TASKS = (
    Task(
        "hello",
        'BEGIN { printf("hello\\n"); exit(0); }',
        'BEGIN { printf("hello\\n"); exit(); }',
        "hello",
    ),
    Task(
        "five probes with aggregations",
        """
        BEGIN { exit(0); }
        syscall::read:entry { @reads[execname] = count(); }
        syscall::write:entry { @written[execname] = sum(arg2); }
        proc:::exec-success { @execs[execname] = count(); }
        sched:::off-cpu { @off[execname] = count(); }
        io:::start { @io[execname] = quantize(args[0]->b_bcount); }
        """,
        """
        BEGIN { exit(); }
        tracepoint:syscalls:sys_enter_read { @reads[comm] = count(); }
        tracepoint:syscalls:sys_enter_write { @written[comm] = sum(args->count); }
        tracepoint:sched:sched_process_exec { @execs[comm] = count(); }
        tracepoint:sched:sched_switch { @off[comm] = count(); }
        tracepoint:block:block_rq_issue { @io[comm] = hist(args->bytes); }
        """,
        "five_probes",
    ),
    Task(
        "all system calls by name, for 200 ms",
        "syscall:::entry { @[probefunc] = count(); } tick-200ms { exit(0); }",
        "tracepoint:syscalls:sys_enter_* { @[probe] = count(); } interval:ms:200 { exit(); }",
        "all_syscalls",
        slow=True,
    ),
)

WARM, COLD, BPFTRACE, BCC = "d2bpf", "d2bpf, first run (no cache)", "bpftrace", "BCC by hand"
REFERENCES = {"x bpftrace": BPFTRACE, "x BCC": BCC}


def run(place: tools.Place, rounds: int, full: bool) -> dict[str, list[Series]]:
    """Series of milliseconds by task name."""
    return {task.name: _one(task, place, rounds, full) for task in TASKS}


def _one(task: Task, place: tools.Place, rounds: int, full: bool) -> list[Series]:
    ours = tools.d2bpf("-qn", task.d)

    def cold() -> float:
        with place.cold() as environment:
            return tools.whole_run(ours, environment)

    contenders = [
        Contender(WARM, lambda: tools.whole_run(ours, place.environment)),
        Contender(COLD, cold),
        Contender(BCC, lambda: tools.whole_run(tools.bcc(task.bcc), place.environment)),
    ]

    def theirs() -> float:
        return tools.whole_run(tools.bpftrace(task.bpftrace), place.environment)

    if not task.slow:
        return paired([*contenders, Contender(BPFTRACE, theirs)], rounds)

    def once() -> float:
        if not full:
            raise Unavailable("takes a minute, most of it to detach one probe after the other: make bench BENCH_ARGS=--full")
        return theirs()

    series = paired(contenders, rounds)
    (slow,) = paired([Contender(BPFTRACE, once)], 1, warm_up=False)
    slow.values *= rounds  # one run stands for all rounds
    return [*series, slow]
