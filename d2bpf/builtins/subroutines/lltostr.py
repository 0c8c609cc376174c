"""lltostr(): a number as text, in base 2 to 36."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="lltostr",
    prototype="string lltostr(int64_t, [int])",
    doc="a number as text, in base 2 to 36",
    capacity=lambda caps, strsize: 67,
)
