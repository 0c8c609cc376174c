"""dirname(): a path without its last component."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="dirname",
    prototype="string dirname(const char *)",
    doc="a path without its last component",
    capacity=lambda caps, strsize: max(caps[0], 2),
)
