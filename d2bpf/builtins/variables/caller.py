"""caller: kernel address the function at the probe was called from."""

from __future__ import annotations

from typing import Any

from ...dtypes import ULONG
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(ULONG, b.stack_frame(1, user=False))


VARIABLE = Variable(
    name="caller",
    type="uintptr_t",
    doc="kernel address the function at the probe was called from",
    lower=lower,
)
