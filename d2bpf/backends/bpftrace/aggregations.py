"""Aggregating functions, and the actions on aggregations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...syntax import ast
from .expressions import Expressions
from .terms import Term, cast

LARGEST_MIN = (1 << 32) - 1
BUCKETS = 1000  # as many as lhist() takes


def update(e: Expressions, call: ast.Call) -> str:
    """The right side of `@map = ...` for an aggregating function's call. Abandon after reporting what cannot be said."""
    say = _FUNCTIONS.get(call.name)
    if say is None:
        raise e.refuse(f"bpftrace has no counterpart of {call.name}( )", call)
    return say(e, call)


def _count(e: Expressions, call: ast.Call) -> str:
    return "count()"


def _sum(e: Expressions, call: ast.Call) -> str:
    """sum() and avg(): the map is as signed as what it first gets."""
    value, node = e.number(call.args[0]), call.args[0]
    if e.signed(node) and not value.signed and not value.natural:
        value = cast(value, 8, True)
    return f"{call.name}({value.text})"


def _min(e: Expressions, call: ast.Call) -> str:
    value = _plain(e, call)
    small = e.type(call.args[0]).size <= 4 and not value.wide
    if not small and (value.literal is None or value.literal > LARGEST_MIN):
        raise e.refuse("min() of bpftrace 0.17 loses values of 2^32 and more", call)
    return f"min({value.text})"


def _max(e: Expressions, call: ast.Call) -> str:
    return f"max({_not_negative(e, call, 'max() of bpftrace 0.17 loses negative values').text})"


def _quantize(e: Expressions, call: ast.Call) -> str:
    if len(call.args) > 1:
        raise e.refuse("hist() counts one at a time", call)
    return f"hist({_not_negative(e, call, 'hist() of bpftrace has one bucket for all negative values').text})"


def _lquantize(e: Expressions, call: ast.Call) -> str:
    base, limit, *rest = (e.checked.constants[arg] for arg in call.args[1:4])
    step = rest[0] if rest else 1
    if len(call.args) > 4:
        raise e.refuse("lhist() counts one at a time", call)
    if base >> 63:
        raise e.refuse("lhist() of bpftrace 0.17 takes no negative base", call)
    if (limit - base) // step > BUCKETS or (limit - base) % step:
        raise e.refuse(f"lhist() of bpftrace has up to {BUCKETS} buckets, all of one size", call)
    return f"lhist({_plain(e, call).text}, {base}, {limit}, {step})"


def _plain(e: Expressions, call: ast.Call) -> Term:
    return e.number(call.args[0])


def _not_negative(e: Expressions, call: ast.Call, why: str) -> Term:
    value = _plain(e, call)
    if e.signed(call.args[0]) and not value.natural:
        raise e.refuse(f"{why}: let the predicate say that it is none ({call.args[0].span.text} >= 0)", call)
    return value


_FUNCTIONS: dict[str, Callable[[Expressions, ast.Call], str]] = {
    "count": _count,
    "sum": _sum,
    "avg": _sum,
    "min": _min,
    "max": _max,
    "quantize": _quantize,
    "lquantize": _lquantize,
}


class Shown:
    """What a clause has asked of an aggregation's printing: its `top` entries (0: all), divided by `factor`."""

    def __init__(self) -> None:
        self.top = 0
        self.factor = 1
        self.cut: ast.Call | None = None  # a trunc() that leaves entries, until they are removed

    def arguments(self, name: str) -> str:
        if self.factor != 1:
            return f"{name}, {self.top}, {self.factor}"
        return f"{name}, {self.top}" if self.top else name


SCALES = frozenset({"count", "sum", "min", "max"})


def factor(e: Expressions, call: ast.Call, function: str) -> int:
    """The constant of normalize()."""
    value = e.checked.constants.get(call.args[1])
    if value is None or value >> 63 or not value:
        raise e.refuse("bpftrace divides what it prints by constants only", call)
    if function not in SCALES:
        raise e.refuse(f"bpftrace does not divide what {function}( ) gives", call)
    return value


def entries(e: Expressions, args: Sequence[ast.Expr], call: ast.Call) -> int:
    """How many entries trunc() leaves; 0: none."""
    if len(args) < 2:
        return 0
    value = e.checked.constants.get(args[1])
    if value is None or value >> 63:
        raise e.refuse("bpftrace prints a constant number of the largest entries only", call)
    return value
