"""progenyof(): 1 if the current process is the given one or descends from it."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="progenyof",
    prototype="int progenyof(pid_t)",
    doc="1 if the current process is the given one or descends from it",
)
