"""inet_ntoa6(): IPv6 address as text (RFC 5952)."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._inet import BUFFER, put_ipv6


def lower(b: Any, call: ast.Call) -> Text:
    buffer = b.slot(BUFFER)
    strict = len(call.args) > 1 and b.checked.constants.get(call.args[1]) != 0
    put_ipv6(b, buffer, b.word(call.args[0]), quad=not strict)
    return b.text_in(call, buffer, "memory")  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="inet_ntoa6",
    prototype="string inet_ntoa6(struct in6_addr *, [int])",
    doc="IPv6 address as text (RFC 5952)",
    capacity=lambda caps, strsize: 46,
    lower=lower,
)
