"""rand(): pseudo-random 32-bit number."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="rand",
    prototype="int rand()",
    doc="pseudo-random 32-bit number",
)
