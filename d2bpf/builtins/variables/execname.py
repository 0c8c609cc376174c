"""execname: name of the current process, at most 15 characters."""

from __future__ import annotations

from typing import Any

from ...dtypes import String
from ...ir.values import Text, Value
from ..spec import Variable


def lower(b: Any) -> Value:
    if b.task is not None:
        comm = b.kernel_member(b.task, "struct task_struct", "comm")
        return Text(String(16), "memory", 16, address=comm.address)
    return Text(String(16), "comm", 16)


VARIABLE = Variable(
    name="execname",
    type="string",
    doc="name of the current process, at most 15 characters",
    capacity=16,
    lower=lower,
)
