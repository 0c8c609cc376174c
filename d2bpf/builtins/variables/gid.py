"""gid: real group id."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="gid",
    type="gid_t",
    doc="real group id",
)
