"""quantize(): histogram of the values by powers of two."""

from __future__ import annotations

from ...buckets import QUANTIZE_BUCKETS
from ..spec import Aggregating

AGGREGATION = Aggregating(
    name="quantize",
    prototype="void quantize(@, [@])",
    doc="histogram of the values by powers of two",
    words=lambda params: QUANTIZE_BUCKETS,
    increment=1,
)
