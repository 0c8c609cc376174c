"""strchr(): tail of a string from the first occurrence of a character, or NULL."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strchr",
    prototype="string strchr(const char *, char)",
    doc="tail of a string from the first occurrence of a character, or NULL",
    capacity=lambda caps, strsize: caps[0],
)
