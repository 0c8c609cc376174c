"""count(): number of times called."""

from __future__ import annotations

from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="count",
    prototype="void count()",
    doc="number of times called",
    words=lambda params: 1,
)
