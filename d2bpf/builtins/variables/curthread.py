"""curthread: current thread structure."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="curthread",
    type="struct task_struct *",
    doc="current thread structure",
)
