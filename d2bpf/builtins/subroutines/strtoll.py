"""strtoll(): the number a text begins with, in base 2 to 36."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strtoll",
    prototype="int64_t strtoll(const char *, [int])",
    doc="the number a text begins with, in base 2 to 36",
    platforms="SF",
)
