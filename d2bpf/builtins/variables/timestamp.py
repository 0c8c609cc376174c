"""timestamp: nanoseconds of a monotonic clock, constant through one firing."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(UINT64, b.timestamp())


VARIABLE = Variable(
    name="timestamp",
    type="uint64_t",
    doc="nanoseconds of a monotonic clock, constant through one firing",
    lower=lower,
)
