"""How text is made of recorded data: `template % values`, the template and the reader of the values made once.

A Slot is one value to read from a record, a Piece some text with slots in it. `assemble` joins pieces into one bytes
template and one reader, so that a record costs a struct.unpack_from(), the few conversions that need Python, and one `%`.

`data` stands for what is read: (buf, offset, length, extra). The record or aggregation key is
buf[offset:offset + length]; `extra` is the number of the site that fired, or a printa row's list of aggregation values.
"""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    # Whatever struct.unpack_from() and slicing take: the mapped ring, or bytes.
    Buffer = Any
    Reader = Callable[[Buffer, int, int, Any], "tuple[Any, ...]"]
    Late = Callable[[Buffer, int, int, Any], Any]
    Merge = Callable[..., Any]
    Convert = Callable[[Any], Any]


class Slot:
    """A value: struct format `code` at `offset` from the record's start, or got by `late(*data)` where it has no fixed
    place; then `convert(value)` if that is given."""

    __slots__ = ("code", "convert", "late", "offset")

    def __init__(self, offset: int = 0, code: str = "0s", convert: Convert | None = None, late: Late | None = None) -> None:
        self.offset = offset
        self.code = code
        self.convert = convert
        self.late = late

    def then(self, convert: Convert | None) -> Slot:
        """The same value, converted further."""
        first = self.convert
        if convert is None:
            return self
        if first is None:
            return Slot(self.offset, self.code, convert, self.late)
        return Slot(self.offset, self.code, lambda value: convert(first(value)), self.late)


class Piece:
    """Text: a bytes template with one conversion for each slot, or, with `merge`, one for merge(*values of all slots)."""

    __slots__ = ("merge", "slots", "template")

    def __init__(self, template: bytes, slots: Sequence[Slot] = (), merge: Merge | None = None) -> None:
        self.template = template
        self.slots = slots
        self.merge = merge


def literal(text: bytes) -> Piece:
    """Text that is printed as it stands."""
    return Piece(text.replace(b"%", b"%%"))


def assemble(pieces: Iterable[Piece]) -> tuple[bytes, Reader]:
    """(template, reader) of all pieces in a row: their text is `template % reader(*data)`."""
    template = b""
    slots: list[Slot] = []
    merges: list[tuple[int, int, Merge]] = []
    for piece in pieces:
        template += piece.template
        if piece.merge is not None:
            merges.append((len(slots), len(slots) + len(piece.slots), piece.merge))
        slots += piece.slots
    return template, reader(slots, merges)


def reader(slots: Sequence[Slot], merges: Sequence[tuple[int, int, Merge]] = ()) -> Reader:
    """A function that reads the slots' values from data; of the ranges of values in `merges` each becomes one value."""
    unpacks = _unpackers(slots)
    lates = [(i, slot.late) for i, slot in enumerate(slots) if slot.late is not None]
    converts = [(i, slot.convert) for i, slot in enumerate(slots) if slot.convert is not None]
    last_first = tuple(reversed(merges))
    unpack = unpacks[0]

    def plain(buf: Buffer, offset: int, length: int, extra: Any) -> tuple[Any, ...]:
        return unpack(buf, offset)

    def converted(buf: Buffer, offset: int, length: int, extra: Any) -> tuple[Any, ...]:
        (*values,) = unpack(buf, offset)
        for i, convert in converts:
            values[i] = convert(values[i])
        return (*values,)

    def general(buf: Buffer, offset: int, length: int, extra: Any) -> tuple[Any, ...]:
        values: list[Any] = []
        for unpack in unpacks:
            values += unpack(buf, offset)
        for i, late in lates:
            values[i] = late(buf, offset, length, extra)
        for i, convert in converts:
            values[i] = convert(values[i])
        for start, end, merge in last_first:
            values[start:end] = [merge(*values[start:end])]
        return (*values,)

    if lates or merges or len(unpacks) > 1:
        return general
    return converted if converts else plain


def _unpackers(slots: Sequence[Slot]) -> list[Callable[[Buffer, int], tuple[Any, ...]]]:
    """unpack_from() functions that give the slots' values in order: one, as long as offsets ascend."""
    formats = ["="]
    at = 0
    for slot in slots:
        if slot.late is not None:
            formats[-1] += "0s"  # holds the place
            continue
        if slot.offset < at:
            formats.append("=")
            at = 0
        formats[-1] += f"{slot.offset - at}x{slot.code}"
        at = slot.offset + struct.calcsize("=" + slot.code)
    return [struct.Struct(format_).unpack_from for format_ in formats]
