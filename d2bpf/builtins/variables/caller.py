"""caller: kernel address the function at the probe was called from."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="caller",
    type="uintptr_t",
    doc="kernel address the function at the probe was called from",
)
