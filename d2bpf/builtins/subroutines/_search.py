"""What index(), rindex() and strstr() share: looking for one string in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...ir import ops
from ...ir.ops import ZERO, Bin, Const, Expr
from ...ir.values import Text

WORD = 8  # bytes of a constant that are compared at once


@dataclass(slots=True)
class Needle:
    """What is looked for: how many characters, and the bytes of a short constant or the window that holds any other string."""

    size: Expr
    short: bytes = b""
    window: Expr = ZERO


def needle(b: Any, text: Text) -> Needle:
    """Take the string to look for; it is evaluated now."""
    if text.form == "literal" and len(text.text) <= WORD:
        return Needle(Const(len(text.text)), text.text)
    place, length = b.own_text(text)
    size = Const(len(text.text)) if text.form == "literal" else length
    return Needle(size, window=ops.Address(place))


def find(b: Any, window: Expr, limit: Expr, what: Needle, last: bool) -> Expr:
    """The first, or last, position from 0 to `limit` at which it stands in the string of a window, plus 1; 0 if there is none,
    as of a string of no characters."""
    if what.size == Const(0):
        return ZERO
    if what.short:
        word, mask = int.from_bytes(what.short, "little"), (1 << 8 * len(what.short)) - 1
        return b.ask("_search", "find_word", b.work, window, limit, Const(word), Const(mask), Const(int(last)))  # type: ignore[no-any-return]
    header = b.helpers("_search")
    return b.must(header, "find_text", b.work, window, limit, what.window, what.size, Const(int(last)), code="UNKNOWN")  # type: ignore[no-any-return]


def position(b: Any, found: Expr, start: Expr, what: Needle, of_nothing: Expr) -> Expr:
    """What find() gave as an index, counted from `start`, or -1; `of_nothing` is the position of a string of no characters."""
    if what.size == Const(0):
        return of_nothing
    index: Expr = Bin("-", found, Const(1))
    if start != ZERO:
        index = Bin("+", index, Bin("*", start, ops.Call("nonzero", (found,))))
    if not isinstance(what.size, Const):
        some, none = ops.Call("nonzero", (what.size,)), ops.Call("is_zero", (what.size,))
        index = Bin("+", Bin("*", index, some), Bin("*", of_nothing, none))
    return b.ask("", "settled", index)  # type: ignore[no-any-return]
