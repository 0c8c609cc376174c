"""mutex_owner(): thread that owns the mutex, or NULL."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="mutex_owner",
    prototype="struct task_struct *mutex_owner(struct mutex *)",
    doc="thread that owns the mutex, or NULL",
)
