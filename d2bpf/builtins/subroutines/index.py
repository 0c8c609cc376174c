"""index(): position of the first occurrence of one string in another, or -1."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="index",
    prototype="int index(const char *, const char *, [int])",
    doc="position of the first occurrence of one string in another, or -1",
)
