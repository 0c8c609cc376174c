"""curthread: current thread structure."""

from __future__ import annotations

from typing import Any

from ...dtypes import Ptr
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(Ptr(b.program.kernel_type("struct task_struct")), b.thread())


VARIABLE = Variable(
    name="curthread",
    type="struct task_struct *",
    doc="current thread structure",
    lower=lower,
)
