"""alloca(): scratch memory for the rest of the clause, zeroed."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="alloca",
    prototype="void *alloca(size_t)",
    doc="scratch memory for the rest of the clause, zeroed",
)
