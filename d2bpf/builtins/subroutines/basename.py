"""basename(): last component of a path."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="basename",
    prototype="string basename(const char *)",
    doc="last component of a path",
    capacity=lambda caps, strsize: max(caps[0], 2),
)
