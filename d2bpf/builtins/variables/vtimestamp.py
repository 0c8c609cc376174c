"""vtimestamp: nanoseconds the current thread has run on a CPU."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir.values import Value, Word
from ..spec import Variable

# What a run queue has where time that the thread did not get, stolen by a hypervisor or spent on interrupts, is not charged to it.
_UNCHARGED = ("struct rq.prev_steal_time_rq", "struct rq.prev_irq_time")
_ACCOUNT = (("struct sched_entity", "sum_exec_runtime"), ("struct sched_entity", "exec_start"))
_QUEUE = (("struct sched_entity", "cfs_rq"), ("struct cfs_rq", "rq"), ("struct rq", "clock"), ("struct rq", "clock_task"))


def lower(b: Any) -> Value:
    if b.handler.interrupt:
        return Word(UINT64, b.timestamp())
    if b.task is not None:  # it is just coming on
        return Word(UINT64, b.to_word(b.kernel_member(b.task, "struct task_struct", "se", "sum_exec_runtime")))
    b.program.scheduler_clock()
    target = b.program.target
    charged = target.has("member:struct cfs_rq.rq") and any(target.has(f"member:{name}") for name in _UNCHARGED)
    for tag, member in (("struct task_struct", "se"), *_ACCOUNT, *(_QUEUE if charged else ())):
        b.kernel_offset(tag, member)
    return Word(UINT64, b.ask("_clock", "charged_run_time" if charged else "run_time", b.thread(), b.timestamp()))


VARIABLE = Variable(
    name="vtimestamp",
    type="uint64_t",
    doc="nanoseconds the current thread has run on a CPU",
    lower=lower,
)
