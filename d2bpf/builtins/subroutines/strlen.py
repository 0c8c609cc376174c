"""strlen(): bytes before the NUL, at most strsize."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strlen",
    prototype="size_t strlen(const char *)",
    doc="bytes before the NUL, at most strsize",
)
