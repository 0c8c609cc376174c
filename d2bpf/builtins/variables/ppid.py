"""ppid: id of the parent process."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="ppid",
    type="pid_t",
    doc="id of the parent process",
)
