"""uid: real user id."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="uid",
    type="uid_t",
    doc="real user id",
)
