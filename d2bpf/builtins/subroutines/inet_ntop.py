"""inet_ntop(): IP address of the given family as text."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="inet_ntop",
    prototype="string inet_ntop(int, void *)",
    doc="IP address of the given family as text",
    capacity=lambda caps, strsize: 46,
)
