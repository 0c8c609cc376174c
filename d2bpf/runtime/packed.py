"""Aggregations drawn close together: agghist, one histogram over all keys, and aggpack, one line a key (output.md 5.4, 5.5)."""

from __future__ import annotations

from ..buckets import quantize_bounds
from .aggregations import Average, Count, Deviation, Lquantize, Quantize, Sum, divide
from .histogram import DISTRIBUTION, bars, share
from .printa import key_piece
from .template import assemble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .aggregate import Aggregate, Entry
    from .printa import Row
    from .symbolize import Symbolizer

_PACKED_WIDTH = {1: 3, 2: 5, 4: 8}  # of integer keys by size; all else takes 16
_ASCII, _NEGATIVE = "__xxxxXX", "vvvvVV"
_LEVELS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_PLAIN_TERMINALS = ("dumb", "sun", "sun-color")


def packed(aggregate: Aggregate, rows: Sequence[Row], options: Mapping[str, Any], symbols: Symbolizer) -> bytes | None:
    """The rows of one aggregation drawn as the options ask; None where they do not apply to it (stacks as keys have no
    line to share)."""
    if any(field["kind"] in ("stack", "ustack") for field in aggregate.fields):
        return None
    if options["agghist"] and isinstance(aggregate.function, (Count, Sum, Average, Deviation)):
        return _one_histogram(aggregate, rows, options, _Keys(aggregate, options, symbols))
    if options["aggpack"] and isinstance(aggregate.function, Quantize):
        return _quantize_lines(aggregate, rows, options, _Keys(aggregate, options, symbols))
    if options["aggpack"] and isinstance(aggregate.function, Lquantize):
        return _lquantize_lines(aggregate, rows, options, _Keys(aggregate, options, symbols), aggregate.function)
    return None


class _Keys:
    """Keys right-justified in narrow columns; `width` and `title` are for the header."""

    def __init__(self, aggregate: Aggregate, options: Mapping[str, Any], symbols: Symbolizer) -> None:
        count = len(aggregate.fields)
        self.width = sum(1 + (_PACKED_WIDTH.get(field["size"], 16) if field["kind"] == "int" else 16) for field in aggregate.fields)
        self.title = b"key" if count else b""
        self._template, self._read = assemble(key_piece(aggregate, i, options, symbols, column=b" %16s") for i in range(count))

    def text(self, row: Row) -> bytes:
        return self._template % self._read(row.key, 0, len(row.key), None) if row.key else b""


def _entries(rows: Sequence[Row]) -> list[Entry]:
    return [entry for row in rows for entry in row.entries if entry]


def _one_histogram(aggregate: Aggregate, rows: Sequence[Row], options: Mapping[str, Any], keys: _Keys) -> bytes:
    function = aggregate.function
    totals = [entry.total for entry in _entries(rows)]
    counts = [function.value(total, 1, options) for total in totals]
    bar = bars(counts, options)
    lines = [b"\n%*s %41s %-9s\n" % (keys.width, keys.title, DISTRIBUTION, b"count")]
    lines += [
        b"%s %s %-9d\n" % (keys.text(row), bar(count), function.value(total, aggregate.normal, options))
        for row, count, total in zip(rows, counts, totals)
    ]
    return b"".join(lines)


def _quantize_lines(aggregate: Aggregate, rows: Sequence[Row], options: Mapping[str, Any], keys: _Keys) -> bytes:
    """Over the buckets that any entry uses, and one more on either side."""
    bounds = quantize_bounds()
    totals = [entry.total for entry in _entries(rows)]
    used = [i for i in range(len(bounds)) if any(total[i] for total in totals)] or [bounds.index(0)]
    first, last = max(0, used[0] - 1), min(len(bounds) - 1, used[-1] + 1)
    low, high = b"%d" % bounds[first], b"%d" % bounds[last]
    low_width, high_width = max(4, len(low)), max(4, len(high))
    return _lines(
        aggregate,
        keys,
        (b"%*s %*s ." % (keys.width, keys.title, low_width, b"min"), b". %-*s | count" % (high_width, b"max")),
        (b" %*s :" % (low_width, low), b": %-*s |" % (high_width, high)),
        [(row, total[first : last + 1]) for row, total in zip(rows, totals)],
        options,
    )


def _lquantize_lines(
    aggregate: Aggregate, rows: Sequence[Row], options: Mapping[str, Any], keys: _Keys, function: Lquantize
) -> bytes:
    """Over all buckets."""
    bounds = function.bounds
    return _lines(
        aggregate,
        keys,
        (b"%*s %*s ." % (keys.width, keys.title, 7, b"min"), b". %-*s | count" % (8, b"max")),
        (b"%8s :" % (b"< %d" % bounds[0]), b": %-8s |" % (b">= %d" % bounds[-1])),
        [(row, entry.total) for row, entry in zip(rows, _entries(rows))],
        options,
    )


def _lines(
    aggregate: Aggregate,
    keys: _Keys,
    header: tuple[bytes, bytes],
    ends: tuple[bytes, bytes],
    counts: Sequence[tuple[Row, Sequence[int]]],
    options: Mapping[str, Any],
) -> bytes:
    """`header` and `ends` are what stands left and right of the buckets, in the header and in each line."""
    size = len(counts[0][1])
    lines = [b"\n" + header[0] + b"-" * size + header[1] + b"\n"]
    for row, buckets in counts:
        level = _level(buckets, options)
        drawn = "".join(map(level, buckets)).encode()
        lines.append(b"%s%s%s%s %d\n" % (keys.text(row), ends[0], drawn, ends[1], divide(sum(buckets), aggregate.normal)))
    return b"".join(lines)


def _level(counts: Sequence[int], options: Mapping[str, Any]) -> Callable[[int], str]:
    """What draws one bucket of an entry with these counts as one character."""
    whole = sum(map(abs, counts))
    largest = max(map(abs, counts))
    levels = _LEVELS if _is_utf8(options) else _ASCII

    def level(count: int) -> str:
        if not count:
            return " "
        scale = levels if count > 0 else _NEGATIVE
        above, below = share(abs(count), len(scale) - 1, whole, largest, bool(options["aggzoom"]))
        return scale[(2 * above + below) // (2 * below)]

    return level


def _is_utf8(options: Mapping[str, Any]) -> bool:
    if options["encoding"]:
        return bool(options["encoding"] == "utf8")
    import os

    return os.environ.get("TERM") not in _PLAIN_TERMINALS
