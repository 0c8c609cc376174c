"""stackdepth: number of kernel stack frames."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="stackdepth",
    type="uint32_t",
    doc="number of kernel stack frames",
)
