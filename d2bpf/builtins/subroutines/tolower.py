"""tolower(): a string in lower case (ASCII)."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="tolower",
    prototype="string tolower(const char *)",
    doc="a string in lower case (ASCII)",
    platforms="SF",
    capacity=lambda caps, strsize: caps[0],
)
