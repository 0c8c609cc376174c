"""Which values the buckets of quantize(), lquantize() and llquantize() stand for (builtins.md 4.2).

Bottom layer and embedded in emitted programs: the compiler sizes an aggregation's value by it, the consumer labels and
weighs its buckets by it. Buckets are numbered in order of value.
"""

from __future__ import annotations

QUANTIZE_BUCKETS = 127
QUANTIZE_ZERO = 63  # number of the bucket of value 0


def quantize_bounds() -> list[int]:
    """The 127 bucket values, -2^62 .. -2 -1 0 1 2 .. 2^62."""
    powers = [1 << k for k in range(QUANTIZE_ZERO)]
    return [-power for power in reversed(powers)] + [0] + powers


def lquantize_bounds(base: int, limit: int, step: int) -> list[int]:
    """Lower bounds of the regular buckets, and last that of the overflow bucket. Before them in the aggregation's value
    stands the underflow bucket: `len(result) + 1` buckets in all."""
    return [base + i * step for i in range((limit - base) // step + 1)]


def llquantize_bounds(factor: int, low: int, high: int, steps: int) -> list[int]:
    """Lower bounds of the regular buckets of positive values, and last factor^(high+1), that of the overflow bucket.

    [0, factor^(m+1)) is cut into equal steps; the magnitude m has those above factor^m, and the rest of the step that
    factor^m is in."""
    bounds = []
    for magnitude in range(low, high + 1):
        start, end = factor**magnitude, factor ** (magnitude + 1)
        width = max(1, end // steps)
        bounds += [start, *range(start - start % width + width, end, width)]
    bounds.append(factor ** (high + 1))
    return bounds


def llquantize_buckets(factor: int, low: int, high: int, steps: int) -> int:
    """How many buckets an llquantize() has: overflow and regular buckets of either sign, and in the middle that of
    |value| < factor^low."""
    return 2 * len(llquantize_bounds(factor, low, high, steps)) + 1
