"""ucaller: user address the current user function was called from."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="ucaller",
    type="uint64_t",
    doc="user address the current user function was called from",
)
