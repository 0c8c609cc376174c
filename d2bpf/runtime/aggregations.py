"""The run half of every aggregating function: what its words mean, how those of several CPUs join, how it sorts and prints.

A state is one entry's value as Python numbers: for functions that add up, a tuple of words; for min() and max() the value,
or None while there is none. Words are as ir/plan.py lays them out. `normal` is what normalize() divides by (1 without).
"""

from __future__ import annotations

import operator
import struct

from ..buckets import llquantize_bounds, lquantize_bounds, quantize_bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    State = Any

_WORD = 1 << 64


def signed(value: int) -> int:
    """The number as a signed 64-bit word: sums wrap, as in the kernel."""
    value &= _WORD - 1
    return value - _WORD if value >> 63 else value


def divide(value: int, by: int) -> int:
    """C's division: truncated toward zero."""
    return value // by if value >= 0 else -(-value // by)


class Function:
    """One aggregating function with its constant parameters.

    `additive`: states can be subtracted, so an aggregation is cleared by remembering what to take off. `empty` is the
    state of an entry without data. `is_graph`: `value` is a finished text instead of a number."""

    additive = True
    is_graph = False
    empty: State

    def fold(self, values: Iterable[bytes]) -> State:
        """The state of an entry from its value on each CPU."""
        raise NotImplementedError

    def combine(self, one: State, other: State) -> State:
        raise NotImplementedError

    def subtract(self, one: State, other: State) -> State:
        """Only of additive functions."""
        raise NotImplementedError

    def weight(self, state: State) -> Any:
        """What entries sort by: an int, or a tuple for graphs (builtins.md 4.5)."""
        raise NotImplementedError

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        """What `%@` prints: an int, or the graph's bytes."""
        raise NotImplementedError

    def datum(self, state: State, normal: int, options: Mapping[str, Any]) -> bytes:
        """The value in the default layout."""
        return b" %16d" % self.value(state, normal, options)


class _Words(Function):
    """A function whose states are words that add up; `codes` are their struct codes."""

    def __init__(self, codes: str) -> None:
        layout = struct.Struct("=" + codes)
        self._unpack = layout.unpack
        self._untouched = bytes(layout.size)
        self.empty = self._unpack(self._untouched)

    def fold(self, values: Iterable[bytes]) -> State:
        total = None
        for value in values:
            if value != self._untouched:
                words = self._unpack(value)
                total = words if total is None else self.combine(total, words)
        return self.empty if total is None else total

    def combine(self, one: State, other: State) -> State:
        return tuple(map(operator.add, one, other))

    def subtract(self, one: State, other: State) -> State:
        return tuple(map(operator.sub, one, other))


class Count(_Words):
    """[n], unsigned."""

    def weight(self, state: State) -> Any:
        return state[0]

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        return divide(signed(state[0]), normal)


class Sum(_Words):
    """[sum, has data]"""

    def weight(self, state: State) -> Any:
        return signed(state[0])

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        return divide(signed(state[0]), normal)


class Average(_Words):
    """[count, sum]"""

    def weight(self, state: State) -> Any:
        return self.value(state, 1, {})

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        count, total = state
        return divide(divide(signed(total), normal), count) if count else 0


class Deviation(_Words):
    """[count, sum, low and high word of the 128-bit sum of squares]"""

    def weight(self, state: State) -> Any:
        return self.value(state, 1, {})

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        from math import isqrt

        count, total, low, high = state
        if not count:
            return 0
        squares = (low + (high << 64)) // normal // normal // count
        average = divide(divide(signed(total), normal), count)
        return isqrt(max(0, squares - average * average))


class Extreme(Function):
    """min() and max(): [value, has data]."""

    additive = False
    empty = None
    _unpack = struct.Struct("=qQ").unpack

    def __init__(self, choose: Callable[..., int]) -> None:
        self._choose = choose

    def fold(self, values: Iterable[bytes]) -> State:
        unpack = self._unpack
        return self._choose((value for value, has_data in map(unpack, values) if has_data), default=None)

    def combine(self, one: State, other: State) -> State:
        if one is None or other is None:
            return other if one is None else one
        return self._choose(one, other)

    def weight(self, state: State) -> Any:
        return state or 0

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        return divide(state or 0, normal)


class _Graph(_Words):
    """A histogram: a count for each bucket, in order of the buckets' values. `weights` are those values."""

    is_graph = True

    def __init__(self, weights: Sequence[int]) -> None:
        super().__init__(f"{len(weights)}q")
        self._weights = weights
        self._zero = weights.index(0) if 0 in weights else None

    def weight(self, state: State) -> Any:
        total = sum(map(operator.mul, state, self._weights))
        return total, state[self._zero] if self._zero is not None else 0

    def datum(self, state: State, normal: int, options: Mapping[str, Any]) -> bytes:
        graph: bytes = self.value(state, normal, options)
        return graph


class Quantize(_Graph):
    def __init__(self) -> None:
        super().__init__(quantize_bounds())

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        from .histogram import quantize

        return quantize(state, normal, options)


class Lquantize(_Graph):
    def __init__(self, base: int, limit: int, step: int) -> None:
        self.bounds = lquantize_bounds(base, limit, step)
        super().__init__([base - 1, *self.bounds[:-1], self.bounds[-1] + 1])

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        from .histogram import lquantize

        return lquantize(state, normal, options, self.bounds)


class Llquantize(_Graph):
    def __init__(self, factor: int, low: int, high: int, steps: int) -> None:
        self.bounds = llquantize_bounds(factor, low, high, steps)
        super().__init__([*(-bound for bound in reversed(self.bounds)), 0, *self.bounds])

    def value(self, state: State, normal: int, options: Mapping[str, Any]) -> Any:
        from .histogram import llquantize

        return llquantize(state, normal, options, self.bounds)


# name -> maker from the constant parameters (Plan: Aggregation.params)
FUNCTIONS: dict[str, Callable[..., Function]] = {
    "count": lambda: Count("Q"),
    "sum": lambda: Sum("qQ"),
    "min": lambda: Extreme(min),
    "max": lambda: Extreme(max),
    "avg": lambda: Average("qq"),
    "stddev": lambda: Deviation("qqQq"),
    "quantize": Quantize,
    "lquantize": Lquantize,
    "llquantize": Llquantize,
}
