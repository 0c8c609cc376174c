"""htonl(): host to network byte order, 32 bits."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="htonl",
    prototype="uint32_t htonl(uint32_t)",
    doc="host to network byte order, 32 bits",
)
