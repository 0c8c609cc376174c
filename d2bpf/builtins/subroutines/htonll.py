"""htonll(): host to network byte order, 64 bits."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="htonll",
    prototype="uint64_t htonll(uint64_t)",
    doc="host to network byte order, 64 bits",
)
