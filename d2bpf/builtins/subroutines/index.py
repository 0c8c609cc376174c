"""index(): position of the first occurrence of one string in another, or -1."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import ZERO, Bin, Const, Expr, Place
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._search import find, needle, position


def lower(b: Any, call: ast.Call) -> Value:
    place, length = b.own_text(b.string(call.args[0]))
    what = needle(b, b.string(call.args[1]))
    start = ZERO
    if len(call.args) > 2:
        start = b.ask("_search", "clamp", b.word(call.args[2]), length)
        place, length = rest(b, place, start)
    found = find(b, ops.Address(place), Bin("-", length, what.size), what, last=False)
    return Word(b.type(call), position(b, found, start, what, start))


def rest(b: Any, place: Place, start: Expr) -> tuple[Place, Expr]:
    """The string from a position on, in another window, and its length."""
    window = b.window()
    source = Bin("+", b.plain(place), start)
    size = b.must("", "bpf_probe_read_kernel_str", ops.Address(window), Const(b.program.strsize + 1), source)
    return window, Bin("-", size, Const(1))


SUBROUTINE = Subroutine(
    name="index",
    prototype="int index(const char *, const char *, [int])",
    doc="position of the first occurrence of one string in another, or -1",
    lower=lower,
)
