"""stddev(): standard deviation of the values."""

from __future__ import annotations

from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="stddev",
    prototype="void stddev(@)",
    doc="standard deviation of the values",
    words=lambda params: 4,
)
