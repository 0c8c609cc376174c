"""avg(): arithmetic mean of the values."""

from __future__ import annotations

from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="avg",
    prototype="void avg(@)",
    doc="arithmetic mean of the values",
    words=lambda params: 2,
)
