"""ustackdepth: number of user stack frames."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="ustackdepth",
    type="uint32_t",
    doc="number of user stack frames",
)
