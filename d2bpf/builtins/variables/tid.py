"""tid: thread id."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    if b.task is not None:
        return Word(INT, b.to_word(b.kernel_member(b.task, "struct task_struct", "pid")))
    return Word(INT, ops.Ext(4, True, ops.Call("bpf_get_current_pid_tgid")))


VARIABLE = Variable(
    name="tid",
    type="id_t",
    doc="thread id",
    lower=lower,
)
