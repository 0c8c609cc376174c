"""memref(): address and size for printm()."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="memref",
    prototype="uintptr_t *memref(void *, size_t)",
    doc="address and size for printm()",
    platforms="F",
)
