"""toupper(): a string in upper case (ASCII)."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="toupper",
    prototype="string toupper(const char *)",
    doc="a string in upper case (ASCII)",
    platforms="SF",
    capacity=lambda caps, strsize: caps[0],
)
