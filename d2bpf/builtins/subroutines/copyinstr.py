"""copyinstr(): string from user memory."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="copyinstr",
    prototype="string copyinstr(uintptr_t, [size_t])",
    doc="string from user memory",
)
