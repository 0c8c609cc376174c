"""inet_ntoa(): IPv4 address as a dotted quad."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._inet import BUFFER, put_ipv4


def lower(b: Any, call: ast.Call) -> Text:
    buffer = b.slot(BUFFER)
    put_ipv4(b, buffer, b.word(call.args[0]))
    return b.text_in(call, buffer, "memory")  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="inet_ntoa",
    prototype="string inet_ntoa(ipaddr_t *)",
    doc="IPv4 address as a dotted quad",
    capacity=lambda caps, strsize: 16,
    lower=lower,
)
