"""link_ntop(): hardware address as text."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="link_ntop",
    prototype="string link_ntop(int, void *)",
    doc="hardware address as text",
    platforms="SO",
    capacity=lambda caps, strsize: 60,
)
