"""walltimestamp: nanoseconds since 1970-01-01 00:00 UTC."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="walltimestamp",
    type="int64_t",
    doc="nanoseconds since 1970-01-01 00:00 UTC",
)
