"""inet_ntoa6(): IPv6 address as text (RFC 5952)."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="inet_ntoa6",
    prototype="string inet_ntoa6(struct in6_addr *, [int])",
    doc="IPv6 address as text (RFC 5952)",
    capacity=lambda caps, strsize: 46,
)
