"""tid: thread id."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="tid",
    type="id_t",
    doc="thread id",
)
