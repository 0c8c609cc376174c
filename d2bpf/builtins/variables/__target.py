"""$target where it is not part of a probe description: the first process of -c or -p, known when tracing begins."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(INT, ops.Get(ops.Place("state", "target"), 4, True))


VARIABLE = Variable(
    name="__target",
    type="pid_t",
    doc="process id of the first -c or -p process",
    lower=lower,
)
