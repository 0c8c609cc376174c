"""Arithmetic on constants, as the compiler does it ahead of time (language.md 6.2).

D computes in 64-bit words: (char)100 + (char)100 is 200, and 1 << 33 is not 0, although their types are char and int; a word is
cut when it is stored, cast or printed. So an expression has the same value whether its operands are constants or variables. There
are two exceptions: constants are shifted right as unsigned words, and ~0u and -1u are 0xffffffff, as scripts compare with them."""

from __future__ import annotations

from collections.abc import Callable

from ..dtypes import INT, LONG, ULONG, DType, is_signed, strip
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
    """`a op b`, where the operands are promoted to type `operands` and the answer has type `result`. The divisor is not zero."""
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
    value = {"+": a, "-": -a, "~": ~a}[op]
    cut = op != "+" and not is_signed(result) and strip(result).size >= INT.size
    return wrap(value, result) if cut else word(value, result)


def word(value: int, t: DType) -> int:
    """`value` as the 64-bit word that holds it during evaluation, seen as signed or unsigned like `t`."""
    return wrap(value, LONG if is_signed(t) else ULONG)
