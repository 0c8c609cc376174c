"""ipl: interrupt priority level; non-zero in interrupt context."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(UINT, ops.Const(0))


VARIABLE = Variable(
    name="ipl",
    type="uint_t",
    doc="interrupt priority level; non-zero in interrupt context",
    fidelity="approximate",
    note="Linux has no interrupt priority levels",
    lower=lower,
)
