"""__psargs(): arguments of a process, joined by blanks; for the provider libraries."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="__psargs",
    prototype="string __psargs(struct task_struct *)",
    doc="arguments of a process, joined by blanks",
    platforms="",
)
