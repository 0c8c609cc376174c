"""inet_ntoa(): IPv4 address as a dotted quad."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="inet_ntoa",
    prototype="string inet_ntoa(ipaddr_t *)",
    doc="IPv4 address as a dotted quad",
    capacity=lambda caps, strsize: 16,
)
