"""timestamp: nanoseconds of a monotonic clock, constant through one firing."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="timestamp",
    type="uint64_t",
    doc="nanoseconds of a monotonic clock, constant through one firing",
)
