"""uregs: saved user registers of the current thread; the index is an R_ constant."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="uregs",
    type="uint64_t",
    doc="saved user registers of the current thread; the index is an R_ constant",
    index="int",
    elements=26,
)
