"""strrchr(): tail of a string from the last occurrence of a character, or NULL."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strrchr",
    prototype="string strrchr(const char *, char)",
    doc="tail of a string from the last occurrence of a character, or NULL",
    capacity=lambda caps, strsize: caps[0],
)
