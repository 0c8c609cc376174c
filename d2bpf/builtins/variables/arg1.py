"""arg1: raw probe argument 1; 0 where the probe has none."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="arg1",
    type="int64_t",
    doc="raw probe argument 1; 0 where the probe has none",
)
