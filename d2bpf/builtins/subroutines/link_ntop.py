"""link_ntop(): hardware address as text."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

SIZES = {1: 6, 32: 20}  # bytes of an address by hardware type: ARPHRD_ETHER, ARPHRD_INFINIBAND


def lower(b: Any, call: ast.Call) -> Text:
    buffer, place = b.slot(64), b.slot(max(SIZES.values()))
    kind, address = b.pin(b.word(call.args[0]), "kind"), b.pin(b.word(call.args[1]), "address")
    cases = {}
    for number, size in SIZES.items():
        with b.block() as cases[number]:
            b.must("", "bpf_probe_read_kernel", ops.Address(place), Const(size), address, value=address)
            b.do("link_ntop", "put_link", ops.Address(buffer), ops.Address(place), Const(size))
    b.choose(kind, cases, "ILLOP")
    return b.text_in(call, buffer, "memory")  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="link_ntop",
    prototype="string link_ntop(int, void *)",
    doc="hardware address as text",
    platforms="SO",
    capacity=lambda caps, strsize: 60,
    lower=lower,
)
