"""min(): smallest of the values."""

from __future__ import annotations

from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="min",
    prototype="void min(@)",
    doc="smallest of the values",
    words=lambda params: 2,
)
