"""rindex(): position of the last occurrence of one string in another, or -1."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="rindex",
    prototype="int rindex(const char *, const char *, [int])",
    doc="position of the last occurrence of one string in another, or -1",
)
