"""copyout(): writes user memory."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="copyout",
    prototype="void copyout(void *, uintptr_t, size_t)",
    doc="writes user memory",
    destructive=True,
)
