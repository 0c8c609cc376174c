"""printa(), and the aggregations printed at the end: rows in order, in the default layout or by a format (output.md 5)."""

from __future__ import annotations

from .aggregate import Entry
from .printf import format_pieces
from .template import Piece, Slot, assemble
from .text import as_text, dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..formats import Conversion
    from .aggregate import Aggregate
    from .symbolize import Symbolizer
    from .template import Buffer, Reader

    Text = tuple[bytes, Reader]

_WORD = (1 << 64) - 1
# Integer keys by size: template, and whether they print as signed, whatever their type.
_KEY_COLUMNS = {8: (b" %16d", True), 4: (b" %8d", True), 2: (b" %5d", False), 1: (b" %3d", False)}


class Row:
    """What several aggregations hold under one key. The key's bytes are those of aggregation number `owner`."""

    __slots__ = ("entries", "key", "order", "owner")

    def __init__(self, order: tuple[Any, ...], key: bytes, owner: int, count: int) -> None:
        self.order = order
        self.key = key
        self.owner = owner
        self.entries: list[Entry | None] = [None] * count


class Printa:
    """printa() of one or more aggregations; `format_` is None for the default layout. `text()` gives what it prints now."""

    def __init__(
        self,
        aggregates: Sequence[Aggregate],
        format_: str | None,
        options: Mapping[str, Any],
        symbols: Symbolizer,
    ) -> None:
        self._aggregates = aggregates
        self._format = format_
        self._options = options
        self._symbols = symbols
        self._texts: dict[int, Text] = {}  # by the aggregation whose keys are read

    def text(self) -> bytes:
        rows = self.rows()
        if self._format is not None:
            return b"".join(map(self._formatted, rows))
        first = self._aggregates[0]
        if len(self._aggregates) == 1 and (self._options["agghist"] or self._options["aggpack"]) and rows:
            from .packed import packed

            drawn = packed(first, rows, self._options, self._symbols)
            if drawn is not None:
                return drawn
        return b"".join(map(self._default, rows))

    def rows(self) -> list[Row]:
        """All keys of the aggregations, sorted as the options say."""
        found: dict[tuple[Any, ...], Row] = {}
        for i, aggregate in enumerate(self._aggregates):
            for entry in aggregate.entries():
                row = found.get(entry.order)
                if row is None:
                    row = found[entry.order] = Row(entry.order, entry.key, i, len(self._aggregates))
                row.entries[i] = entry
        return sorted(found.values(), key=self._sort_key(), reverse=bool(self._options["aggsortrev"]))

    def _sort_key(self) -> Callable[[Row], Any]:
        options, aggregates = self._options, self._aggregates
        first_value = options["aggsortpos"] if options["aggsortpos"] < len(aggregates) else 0
        keys = len(aggregates[0].fields)
        first_key = options["aggsortkeypos"] if options["aggsortkeypos"] < keys else 0
        by_key = options["aggsortkey"]

        def sort_key(row: Row) -> tuple[Any, Any]:
            order = row.order[first_key:] + row.order[:first_key]
            weights = [
                aggregate.function.weight(entry.total if entry else aggregate.function.empty)
                for aggregate, entry in zip(aggregates, row.entries)
            ]
            weights = weights[first_value:] + weights[:first_value]
            return (order, weights) if by_key else (weights, order)

        return sort_key

    # ---- default layout (5.1) ----

    def _default(self, row: Row) -> bytes:
        parts = [self._keys(row)]
        for aggregate, entry in zip(self._aggregates, row.entries):
            function, normal = aggregate.function, aggregate.normal
            parts.append(function.datum(entry.total if entry else function.empty, normal, self._options))
            if entry and self._options["aggpercpu"]:
                for cpu, lane in enumerate(entry.lanes):
                    parts.append(b"\n    [CPU %d]" % cpu + function.datum(lane, normal, self._options))
        parts.append(b"\n")
        return b"".join(parts)

    def _keys(self, row: Row) -> bytes:
        if not row.key:
            return b""
        text = self._texts.get(row.owner)
        if text is None:
            aggregate = self._aggregates[row.owner]
            pieces = [key_piece(aggregate, i, self._options, self._symbols) for i in range(len(aggregate.fields))]
            text = self._texts[row.owner] = assemble(pieces)
        template, read = text
        return template % read(row.key, 0, len(row.key), None)

    # ---- by a format (builtins.md 4.4) ----

    def _formatted(self, row: Row) -> bytes:
        text = self._texts.get(row.owner)
        if text is None:
            text = self._texts[row.owner] = self._compile(row.owner)
        template, read = text
        return template % read(row.key, 0, len(row.key), row.entries)

    def _compile(self, owner: int) -> Text:
        aggregate = self._aggregates[owner]
        arguments = range(len(aggregate.fields))
        layout, numbers = aggregate.layout, iter(range(1 << 30))

        def aggregated(conversion: Conversion) -> tuple[Slot, bool]:
            """The first `%@` prints the first aggregation, and so on; further ones repeat the last."""
            return self._value(min(next(numbers), len(self._aggregates) - 1), conversion)

        return assemble(format_pieces(self._format or "", arguments, layout, self._symbols, aggregated))

    def _value(self, number: int, conversion: Conversion) -> tuple[Slot, bool]:
        aggregate, options = self._aggregates[number], self._options
        function = aggregate.function

        def value(buf: Buffer, offset: int, length: int, entries: list[Entry | None]) -> Any:
            entry = entries[number]
            return function.value(entry.total if entry else function.empty, aggregate.normal, options)

        if function.is_graph:
            return Slot(late=value), True
        return Slot(late=value, convert=None if conversion.row.letter in "di" else _WORD.__and__), False


def key_piece(
    aggregate: Aggregate, index: int, options: Mapping[str, Any], symbols: Symbolizer, column: bytes = b"  %-50s"
) -> Piece:
    """A key in the default layout. `column` is the template of keys that are text."""
    field, layout = aggregate.fields[index], aggregate.layout
    kind = field["kind"]
    if kind == "int":
        template, signed = _KEY_COLUMNS[field["size"]]
        return Piece(template, [layout.number(index, signed)])
    if kind == "probe":
        return Piece(column, [layout.text(index)])
    if kind in ("sym", "usym"):
        what = field["what"]
        return Piece(column, [layout.address(index).then(lambda address: symbols.symbol(what, *address))])
    if kind in ("stack", "ustack"):
        return Piece(b"%s", [layout.frames(index).then(lambda stack: symbols.stack(stack, options["stackindent"]))])

    def text_or_dump(data: bytes) -> bytes:
        text = None if options["rawbytes"] else as_text(data)
        return dump(data) if text is None else column % text

    return Piece(b"%s", [layout.raw(index).then(text_or_dump)])
