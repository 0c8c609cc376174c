"""epid: id of the enabled probe and clause."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="epid",
    type="uint_t",
    doc="id of the enabled probe and clause",
)
