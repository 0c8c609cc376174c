"""ustackdepth: number of user stack frames."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(UINT, b.stack_depth(user=True))


VARIABLE = Variable(
    name="ustackdepth",
    type="uint32_t",
    doc="number of user stack frames",
    lower=lower,
)
