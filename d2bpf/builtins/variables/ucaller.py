"""ucaller: user address the current user function was called from."""

from __future__ import annotations

from typing import Any

from ...dtypes import ULONG
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(ULONG, b.stack_frame(1, user=True))


VARIABLE = Variable(
    name="ucaller",
    type="uint64_t",
    doc="user address the current user function was called from",
    lower=lower,
)
