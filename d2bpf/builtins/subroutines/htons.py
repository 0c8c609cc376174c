"""htons(): host to network byte order, 16 bits."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="htons",
    prototype="uint16_t htons(uint16_t)",
    doc="host to network byte order, 16 bits",
)
