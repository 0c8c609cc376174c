"""copyin(): user memory copied to scratch memory; gives its address."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="copyin",
    prototype="void *copyin(uintptr_t, size_t)",
    doc="user memory copied to scratch memory; gives its address",
)
