"""arg8: raw probe argument 8; 0 where the probe has none."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="arg8",
    type="int64_t",
    doc="raw probe argument 8; 0 where the probe has none",
)
