"""id: id of the probe, as listed by -l."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="id",
    type="uint_t",
    doc="id of the probe, as listed by -l",
)
