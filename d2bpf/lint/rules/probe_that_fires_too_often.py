"""A record for each firing of a probe that fires many thousand times a second."""

from __future__ import annotations

from collections.abc import Iterator

from ...catalog.glob import is_any
from ...catalog.load import period
from ...syntax import ast
from ..look import Clause, Look
from ..probes import process_provider
from ..rule import Found, Rule
from ._common import RECORDING

_FASTEST = 500_000  # ns between firings of a rate that is still reasonable: 2000 a second on each processor
_MANY = 1000  # probes in one description

# Probes, by provider and names, that fire for about everything a busy machine does.
_BUSY = {
    "syscall": ("entry", "return"),
    "sched": ("on-cpu", "off-cpu", "enqueue", "dequeue", "wakeup", "sleep", "preempt"),
    "fbt": ("entry", "return"),
}


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        for desc, probes in clause.matches:
            rate = desc.name.partition("-")[2] if desc.name.startswith(("profile-", "tick-")) else ""
            every = period(rate) if rate else None
            if every is not None and every < _FASTEST:
                message = f"{desc.name} interrupts every processor {10**9 // every} times a second"
                yield Found(desc, message, "a rate below 1000 shows the same")
            elif process_provider(desc) == "pid" and is_any(desc.function) and is_any(desc.module):
                yield Found(desc, f"{_text(desc)} is every function of the program and its libraries", "name a module: a.out, libc")
            elif len(probes) >= _MANY and desc.provider in ("fbt", "rawfbt"):
                yield Found(desc, f"{_text(desc)} enables {len(probes)} probes", "name the functions or the module that matter")
            elif _busy(desc) and clause.node.predicate is None and _records(clause):
                yield Found(desc, f"a record for each firing of {_text(desc)}", "aggregate (@ = count()), or filter")


def _busy(desc: ast.ProbeDesc) -> bool:
    names = _BUSY.get(desc.provider, ())
    every_call = is_any(desc.function) or desc.provider == "sched"
    return every_call and (desc.name in names or (is_any(desc.name) and bool(names)))


def _records(clause: Clause) -> bool:
    """Whether a clause records something at each firing; an empty one records the probe."""
    body = clause.node.body
    if not body:
        return True
    values = [statement.expr for statement in body if isinstance(statement, ast.ExprStmt)]
    return any(isinstance(value, ast.Call) and value.name in RECORDING for value in values)


def _text(desc: ast.ProbeDesc) -> str:
    return " ".join(desc.text.split())


RULE = Rule(
    code="L106",
    severity="warning",
    why="""
The probe fires so often that tracing it slows the machine down, or that records are lost: a busy machine makes some hundred
thousand system calls and context switches a second, and has more than fifty thousand functions in its kernel.
""",
    instead="""
Let an aggregation count, which costs a fraction of a record and loses nothing; filter with a predicate; or name the calls and
functions that matter. For sampling, 97 to 997 times a second is enough.
""",
    bad='syscall:::entry { printf("%s %s\\n", execname, probefunc); }',
    good="syscall:::entry { @[execname, probefunc] = count(); }",
    check=check,
)
