"""Integers as D types see them: which values a word can have, and how it comes to fit a type (language.md 6.2).

D computes in 64-bit words. A word is cut or extended only where it is stored, cast, passed or recorded: first as the type of the
expression says, if what it goes to is wider, then to what it goes to.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..dtypes import DType, Enum, Int, strip
from ..ir import ops
from ..ir.ops import Const, Expr

COMPARISONS = frozenset(("==", "!=", "<u", "<s", "<=u", "<=s", "&&", "||"))
Width = tuple[int, bool]  # bytes, signed
WORD: Width = (8, False)


def width(t: DType) -> Width:
    """The width of an integer type; pointers and all that stands for an address are whole words."""
    base = strip(t)
    return (base.size, base.signed) if isinstance(base, (Int, Enum)) else WORD


def narrow(value: int, size: int, signed: bool) -> int:
    """`value` as an integer of `size` bytes: two's complement wrap."""
    value &= (1 << 8 * size) - 1
    return value - (1 << 8 * size) if signed and value >> (8 * size - 1) else value


def fit(e: Expr, source: DType, target: DType, known: Mapping[str, Width]) -> Expr:
    """A word of type `source` as the word that holds it in an integer of type `target`. `known` are the widths of locals."""
    have, want = width(source), width(target)
    if isinstance(e, Const):
        value = narrow(e.value, *have) if want[0] > have[0] else e.value
        return Const(narrow(value, *want))
    if want[0] > have[0]:
        e = e if within(e, have, known) else ops.Ext(*have, e)
    return e if want[0] == 8 or within(e, want, known) else ops.Ext(*want, e)


def within(e: Expr, want: Width, known: Mapping[str, Width]) -> bool:
    """Whether a word is known to be one that an integer of this width can hold."""
    have = range_of(e, known)
    if have is None:
        return False
    return have[0] <= want[0] if have[1] == want[1] else have[0] < want[0] and want[1]


def range_of(e: Expr, known: Mapping[str, Width]) -> Width | None:
    """The width of the integers that an expression can give, if it is known."""
    match e:
        case ops.Get(size=size, signed=signed) | ops.Ext(size=size, signed=signed):
            return size, signed
        case ops.Tmp(name=name):
            return known.get(name)
        case ops.Bin(op=op) if op in COMPARISONS:
            return 1, False
        case ops.Un(op="!"):
            return 1, False
        case Const(value=value):
            signed = value < 0
            return next(((n, signed) for n in (1, 2, 4) if narrow(value, n, signed) == value), None)
        case _:
            return None
