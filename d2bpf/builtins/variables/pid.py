"""pid: process id."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(INT, b.process_id())


VARIABLE = Variable(
    name="pid",
    type="pid_t",
    doc="process id",
    lower=lower,
)
