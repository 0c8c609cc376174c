"""vtimestamp: nanoseconds the current thread has run on a CPU."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir import ops
from ...ir.ops import Expr
from ...ir.values import Value, Word
from ..spec import Variable

_RUN_QUEUE = ("se", "cfs_rq", "rq")
# What a run queue has where time that the thread did not get, stolen by a hypervisor or spent on interrupts, is not charged to it.
_UNCHARGED = ("struct rq.prev_steal_time_rq", "struct rq.prev_irq_time")


def lower(b: Any) -> Value:
    # The scheduler adds to sum_exec_runtime when it looks at the thread, last at exec_start by its clock of the processor.
    task = b.thread()
    total = member(b, task, "struct task_struct", "se", "sum_exec_runtime")
    if b.task is not None:  # it is just coming on
        return Word(UINT64, total)
    start = member(b, task, "struct task_struct", "se", "exec_start")
    since = b.pin(ops.Bin("-", charged_clock(b, task), start), "since")
    return Word(UINT64, ops.Bin("+", total, since))


def charged_clock(b: Any, task: Expr) -> Expr:
    """Now, by the clock that the current thread is charged by: its processor's, which omits what the thread did not get."""
    b.program.scheduler_clock()
    now = ops.Bin("-", b.timestamp(), b.ask("_clock", "scheduler_clock_lead"))
    target = b.program.target
    has_queue = target.has("member:struct cfs_rq.rq")
    if not has_queue or not any(target.has(f"member:{name}") for name in _UNCHARGED):
        return now
    queue = b.pin(member(b, task, "struct task_struct", *_RUN_QUEUE), "queue")
    omitted = ops.Bin("-", member(b, queue, "struct rq", "clock"), member(b, queue, "struct rq", "clock_task"))
    return ops.Bin("-", now, omitted)


def member(b: Any, base: Expr, tag: str, *path: str) -> Expr:
    expr: Expr = b.to_word(b.kernel_member(base, tag, *path))
    return expr


VARIABLE = Variable(
    name="vtimestamp",
    type="uint64_t",
    doc="nanoseconds the current thread has run on a CPU",
    lower=lower,
)
