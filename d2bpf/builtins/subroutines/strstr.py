"""strstr(): tail of a string from the first occurrence of another, or NULL."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strstr",
    prototype="string strstr(const char *, const char *)",
    doc="tail of a string from the first occurrence of another, or NULL",
    capacity=lambda caps, strsize: caps[0],
)
