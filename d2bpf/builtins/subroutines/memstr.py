"""memstr(): kernel memory as a string, each NUL in it replaced by a character."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="memstr",
    prototype="string memstr(void *, char, size_t)",
    doc="kernel memory as a string, each NUL in it replaced by a character",
    platforms="F",
)
