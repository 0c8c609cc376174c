"""json(): the value a path such as a.b[2].c selects in JSON text, or NULL."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="json",
    prototype="string json(const char *, const char *)",
    doc="the value a path such as a.b[2].c selects in JSON text, or NULL",
    platforms="SF",
    capacity=lambda caps, strsize: caps[0],
)
