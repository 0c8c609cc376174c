"""copyoutstr(): writes a string to user memory."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="copyoutstr",
    prototype="void copyoutstr(char *, uintptr_t, size_t)",
    doc="writes a string to user memory",
    destructive=True,
)
