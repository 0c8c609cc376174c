"""copyinto(): copies user memory into scratch memory."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="copyinto",
    prototype="void copyinto(uintptr_t, size_t, void *)",
    scratch=(2,),
    doc="copies user memory into scratch memory",
)
