"""rindex(): position of the last occurrence of one string in another, or -1."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import ZERO, Bin
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._search import find, needle, position


def lower(b: Any, call: ast.Call) -> Value:
    place, length = b.own_text(b.string(call.args[0]))
    what = needle(b, b.string(call.args[1]))
    start, limit = length, Bin("-", length, what.size)
    if len(call.args) > 2:
        start = b.pin(b.word(call.args[2]))
        limit = b.ask("_search", "smaller", start, limit)
    found = find(b, ops.Address(place), limit, what, last=True)
    of_nothing = b.ask("_search", "clamp", start, length)
    return Word(b.type(call), position(b, found, ZERO, what, of_nothing))


SUBROUTINE = Subroutine(
    name="rindex",
    prototype="int rindex(const char *, const char *, [int])",
    doc="position of the last occurrence of one string in another, or -1",
    lower=lower,
)
