"""errno: error of the last system call of the thread; valid in return probes."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="errno",
    type="int",
    doc="error of the last system call of the thread; valid in return probes",
)
