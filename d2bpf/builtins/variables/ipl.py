"""ipl: interrupt priority level; non-zero in interrupt context."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="ipl",
    type="uint_t",
    doc="interrupt priority level; non-zero in interrupt context",
    fidelity="approximate",
    note="Linux has no interrupt priority levels",
)
