"""vtimestamp: nanoseconds the current thread has run on a CPU."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="vtimestamp",
    type="uint64_t",
    doc="nanoseconds the current thread has run on a CPU",
)
