"""Arithmetic on constants, as the compiler does it ahead of time (language.md 6.2)."""

from __future__ import annotations

from collections.abc import Callable

from ..dtypes import DType, is_signed
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
    """`a op b`: both are first brought to type `operands`; the answer is in range of `result`. The divisor is not zero."""
    if op in _LOGICAL:
        return int(_LOGICAL[op](a, b))
    if op in _SHIFTS:
        return wrap(_SHIFTS[op](a, b), result)
    a, b = wrap(a, operands), wrap(b, operands)
    if op in _COMPARISONS:
        return int(_COMPARISONS[op](a, b))
    return wrap(_ARITHMETIC[op](a, b), result)


def unary(op: str, a: int, result: DType) -> int:
    """`op a` for + - ~ and !, in range of `result`."""
    if op == "!":
        return int(not a)
    return wrap({"+": a, "-": -a, "~": ~a}[op], result)


def signed_view(value: int, t: DType) -> int:
    """A constant as a signed 64-bit number, the way limits of parameters are compared."""
    value = value & MASK
    return value - (1 << 64) if value >> 63 and is_signed(t) else value
