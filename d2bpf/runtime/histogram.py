"""Graphs of quantize(), lquantize() and llquantize() to the character (output.md 5.3).

Counts come in order of the buckets' values (buckets.py). `options` are the consumer's: aggzoom, encoding.
"""

from __future__ import annotations

from ..buckets import QUANTIZE_ZERO, quantize_bounds
from .aggregations import divide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    Bar = Callable[[int], bytes]

WIDTH = 40
DISTRIBUTION = b"------------- Distribution -------------"
_BLOCKS = ["", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a", "\u2589"]  # by eighths of a column
_FULL = "\u2588"


def quantize(counts: Sequence[int], normal: int, options: Mapping[str, Any]) -> bytes:
    first, last = extent(counts, QUANTIZE_ZERO - 1, QUANTIZE_ZERO + 1)
    labels = [b"%16d" % bound for bound in quantize_bounds()[first : last + 1]]
    return _graph(labels, counts[first : last + 1], normal, options)


def lquantize(counts: Sequence[int], normal: int, options: Mapping[str, Any], bounds: Sequence[int]) -> bytes:
    """`bounds` are the regular buckets' lower bounds and that of the last bucket."""
    first, last = extent(counts, 0, 2)
    labels = [b"< %d" % bounds[0], *(b"%d" % bound for bound in bounds[:-1]), b">= %d" % bounds[-1]]
    return _graph([label.rjust(16) for label in labels[first : last + 1]], counts[first : last + 1], normal, options)


def llquantize(counts: Sequence[int], normal: int, options: Mapping[str, Any], bounds: Sequence[int]) -> bytes:
    """`bounds` are those of positive values; negative ones mirror them around the middle bucket."""
    middle = len(bounds)
    first, last = extent(counts, middle - 1, middle + 1)
    least, most = bounds[0], bounds[-1]
    if least == 1:
        centre = b"0"
    elif first < middle:
        centre = b"abs() < %d" % least
    else:
        centre = b"< %d" % least
    positive = [b"%d" % bound for bound in bounds[:-1]]
    negative = [b"-" + label for label in reversed(positive)]
    labels = [b"<= -%d" % most, *negative, centre, *positive, b">= %d" % most]
    return _graph([label.rjust(16) for label in labels[first : last + 1]], counts[first : last + 1], normal, options)


def extent(counts: Sequence[int], first: int, last: int) -> tuple[int, int]:
    """The first and last bucket to show: one more than hold data on either side, within the table. Those given if no
    bucket holds any."""
    used = [i for i, count in enumerate(counts) if count]
    if not used:
        return first, min(last, len(counts) - 1)
    return max(0, used[0] - 1), min(len(counts) - 1, used[-1] + 1)


def _graph(labels: Sequence[bytes], counts: Sequence[int], normal: int, options: Mapping[str, Any]) -> bytes:
    bar = bars(counts, options)
    lines = [b"\n%16s %41s %-9s\n" % (b"value", DISTRIBUTION, b"count")]
    lines += [b"%s %s %-9d\n" % (label, bar(count), divide(count, normal)) for label, count in zip(labels, counts)]
    return b"".join(lines)


def bars(counts: Sequence[int], options: Mapping[str, Any]) -> Bar:
    """What draws the bar of one of these counts: 40 columns and the axis."""
    whole = sum(map(abs, counts))
    zoom = bool(options["aggzoom"])
    largest = max(map(abs, counts), default=0)
    if not any(count < 0 for count in counts):
        if options["encoding"] == "utf8":
            return lambda count: b"|" + _blocks(count, whole, largest, zoom)
        return lambda count: b"|" + _at(count, WIDTH, whole, largest, zoom).ljust(WIDTH)
    if not any(count > 0 for count in counts):
        return lambda count: _at(-count, WIDTH, whole, largest, zoom).rjust(WIDTH) + b"|"
    half = WIDTH // 2

    def two_sided(count: int) -> bytes:
        drawn = _at(abs(count), half, whole, largest, zoom)
        if count > 0:
            return b" " * half + b"|" + drawn.ljust(half)
        return drawn.rjust(half) + b"|" + b" " * half

    return two_sided


def share(count: int, width: int, whole: int, largest: int, zoom: bool) -> tuple[int, int]:
    """count's part of `width` as a fraction. With aggzoom the largest count takes 95 % of the width."""
    if zoom:
        return count * width * 95, largest * 100
    return count * width, whole


def _at(count: int, width: int, whole: int, largest: int, zoom: bool) -> bytes:
    above, below = share(count, width, whole, largest, zoom)
    return b"@" * ((2 * above + below) // (2 * below) if below else 0)


def _blocks(count: int, whole: int, largest: int, zoom: bool) -> bytes:
    above, below = share(count, WIDTH, whole, largest, zoom)
    eighths = above * 8 // below if below else 0
    return (_FULL * (eighths // 8) + _BLOCKS[eighths % 8]).ljust(WIDTH).encode()
