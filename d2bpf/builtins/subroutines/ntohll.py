"""ntohll(): network to host byte order, 64 bits."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="ntohll",
    prototype="uint64_t ntohll(uint64_t)",
    doc="network to host byte order, 64 bits",
)
