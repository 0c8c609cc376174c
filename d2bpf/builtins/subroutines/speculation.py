"""speculation(): a new speculation id, or 0 when none is free."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="speculation",
    prototype="int speculation()",
    doc="a new speculation id, or 0 when none is free",
)
