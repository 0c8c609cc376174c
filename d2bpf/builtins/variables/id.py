"""id: id of the probe, as listed by -l."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    return Word(UINT, b.program.firing_probe(b.handler))


VARIABLE = Variable(
    name="id",
    type="uint_t",
    doc="id of the probe, as listed by -l",
    lower=lower,
)
