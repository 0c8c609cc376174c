"""Arithmetic on constants, as the compiler does it ahead of time (language.md 6.2).

D computes in 64-bit words: (char)100 + (char)100 is 200, and 1 << 33 is not 0, although their types are char and int.
Only what C defines to wrap, unsigned int, wraps at its own width; everything else does when it is stored, cast or printed."""

from __future__ import annotations

from collections.abc import Callable

from ..dtypes import INT, LONG, DType, is_signed, strip
from .relations import wrap

MASK = (1 << 64) - 1


def divide(a: int, b: int) -> int:
    """C's division: toward zero."""
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": divide,
    "%": lambda a, b: a - divide(a, b) * b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
}
# Shifts move the whole 64-bit word, unsigned, whatever the operand's type.
_SHIFTS: dict[str, Callable[[int, int], int]] = {
    "<<": lambda a, n: (a & MASK) << (n & 63),
    ">>": lambda a, n: (a & MASK) >> (n & 63),
}
_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
_LOGICAL: dict[str, Callable[[int, int], bool]] = {
    "&&": lambda a, b: bool(a and b),
    "||": lambda a, b: bool(a or b),
    "^^": lambda a, b: bool(a) != bool(b),
}


def binary(op: str, a: int, b: int, operands: DType, result: DType) -> int:
    """`a op b`: both are first brought to type `operands`, the answer to `result`. The divisor is not zero."""
    if op in _LOGICAL:
        return int(_LOGICAL[op](a, b))
    if op in _SHIFTS:
        return word(_SHIFTS[op](a, b), result)
    a, b = word(a, operands), word(b, operands)
    if op in _COMPARISONS:
        return int(_COMPARISONS[op](a, b))
    return word(_ARITHMETIC[op](a, b), result)


def unary(op: str, a: int, result: DType) -> int:
    """`op a` for + - ~ and !."""
    if op == "!":
        return int(not a)
    return word({"+": a, "-": -a, "~": ~a}[op], result)


def word(value: int, t: DType) -> int:
    """`value` as the 64-bit word that holds it during evaluation, seen as signed or unsigned like `t`."""
    if is_signed(t):
        return wrap(value, LONG)
    return wrap(value, t if strip(t).size >= INT.size else LONG)
