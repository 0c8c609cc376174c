"""walltimestamp: nanoseconds since 1970-01-01 00:00 UTC."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT64
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    offset = ops.Get(ops.Place("state", "wall_offset"))
    return Word(INT64, ops.Bin("+", b.timestamp(), offset))


VARIABLE = Variable(
    name="walltimestamp",
    type="int64_t",
    doc="nanoseconds since 1970-01-01 00:00 UTC",
    lower=lower,
)
