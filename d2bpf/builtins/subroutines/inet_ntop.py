"""inet_ntop(): IP address of the given family as text."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._inet import BUFFER, put_ipv4, put_ipv6

AF_INET, AF_INET6 = 2, 10


def lower(b: Any, call: ast.Call) -> Text:
    buffer = b.slot(BUFFER)
    family, address = b.pin(b.word(call.args[0]), "family"), b.pin(b.word(call.args[1]), "address")
    with b.block() as ipv4:
        put_ipv4(b, buffer, address)
    with b.block() as ipv6:
        put_ipv6(b, buffer, address, quad=False)
    b.choose(family, {AF_INET: ipv4, AF_INET6: ipv6}, "ILLOP")
    return b.text_in(call, buffer, "memory")  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="inet_ntop",
    prototype="string inet_ntop(int, void *)",
    doc="IP address of the given family as text",
    capacity=lambda caps, strsize: 46,
    lower=lower,
)
