"""strstr(): tail of a string from the first occurrence of another, or NULL."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Bin, Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._search import find, needle


def lower(b: Any, call: ast.Call) -> Text:
    place, length = b.own_text(b.string(call.args[0]))
    what = needle(b, b.string(call.args[1]))
    if what.size == Const(0):
        return b.text_in(call, place)  # type: ignore[no-any-return]
    found = find(b, ops.Address(place), Bin("-", length, what.size), what, last=False)
    if not isinstance(what.size, Const):
        found = b.tmp(Bin("+", found, ops.Call("is_zero", (what.size,))), "found")
    address = Bin("-", Bin("+", b.plain(place), found), Const(1))
    return b.text_at(call, b.ask("", "settled", Bin("*", address, ops.Call("nonzero", (found,)))))  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="strstr",
    prototype="string strstr(const char *, const char *)",
    doc="tail of a string from the first occurrence of another, or NULL",
    capacity=lambda caps, strsize: caps[0],
    lower=lower,
)
