"""pid: process id."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="pid",
    type="pid_t",
    doc="process id",
)
