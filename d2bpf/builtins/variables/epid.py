"""epid: id of the enabled probe and clause."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(UINT64, ops.Const(b.clause_index + 1))


VARIABLE = Variable(
    name="epid",
    type="uint_t",
    doc="id of the enabled probe and clause",
    lower=lower,
)
