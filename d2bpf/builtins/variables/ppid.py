"""ppid: id of the parent process."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(INT, b.to_word(b.kernel_member(b.thread(), "struct task_struct", "real_parent", "tgid")))


VARIABLE = Variable(
    name="ppid",
    type="pid_t",
    doc="id of the parent process",
    lower=lower,
)
