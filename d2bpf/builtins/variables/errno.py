"""errno: error of the last system call of the thread; valid in return probes."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    if b.handler.attachment.kind == "syscall" and b.handler.attachment.words[1] == "return":
        return Word(INT, ops.Call("syscall_errno", (ops.Context(1),)))
    return Word(INT, ops.Const(0))


VARIABLE = Variable(
    name="errno",
    type="int",
    doc="error of the last system call of the thread; valid in return probes",
    lower=lower,
)
