"""max(): largest of the values."""

from __future__ import annotations

from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="max",
    prototype="void max(@)",
    doc="largest of the values",
    words=lambda params: 2,
)
