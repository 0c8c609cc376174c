"""arg4: raw probe argument 4; 0 where the probe has none."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="arg4",
    type="int64_t",
    doc="raw probe argument 4; 0 where the probe has none",
)
