"""substr(): part of a string; negative positions count from its end."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="substr",
    prototype="string substr(const char *, int, [int])",
    doc="part of a string; negative positions count from its end",
    capacity=lambda caps, strsize: caps[0],
)
