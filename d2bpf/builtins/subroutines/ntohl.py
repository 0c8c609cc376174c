"""ntohl(): network to host byte order, 32 bits."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="ntohl",
    prototype="uint32_t ntohl(uint32_t)",
    doc="network to host byte order, 32 bits",
)
