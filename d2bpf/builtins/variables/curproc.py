"""curproc: current process: the leader of its thread group."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="curproc",
    type="struct task_struct *",
    doc="current process: the leader of its thread group",
    platforms="FM",
    fidelity="approximate",
    note="Linux has one structure for threads and processes; members are task_struct's",
)
