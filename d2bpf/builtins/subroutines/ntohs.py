"""ntohs(): network to host byte order, 16 bits."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="ntohs",
    prototype="uint16_t ntohs(uint16_t)",
    doc="network to host byte order, 16 bits",
)
