"""vtimestamp: nanoseconds the current thread has run on a CPU."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    # The scheduler adds to sum_exec_runtime when it looks at the thread; what has run since then is now - exec_start.
    task = b.thread()
    total = b.to_word(b.kernel_member(task, "struct task_struct", "se", "sum_exec_runtime"))
    if b.task is not None:
        return Word(UINT64, total)
    start = b.to_word(b.kernel_member(task, "struct task_struct", "se", "exec_start"))
    since = b.pin(ops.Bin("-", b.timestamp(), start), "since")
    return Word(UINT64, ops.Bin("+", total, ops.Select(ops.Bin("<s", ops.Const(0), since), since, ops.Const(0))))


VARIABLE = Variable(
    name="vtimestamp",
    type="uint64_t",
    doc="nanoseconds the current thread has run on a CPU",
    lower=lower,
)
