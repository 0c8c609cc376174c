"""execname: name of the current process, at most 15 characters."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="execname",
    type="string",
    doc="name of the current process, at most 15 characters",
    capacity=16,
)
