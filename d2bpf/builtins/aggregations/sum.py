"""sum(): total of the values."""

from __future__ import annotations

from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="sum",
    prototype="void sum(@)",
    doc="total of the values",
    words=lambda params: 2,  # the total, and whether there was any value: 0 is a total too
)
