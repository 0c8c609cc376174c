"""Where the fields of a record or an aggregation key lie, and how their bytes become values (ir/plan.py, Field).

A field is asked for in one of several views:

    number    int, of the field's own signedness or the one asked for
    real      float
    text      bytes of a string before its NUL; the text of a probe's part, of a symbol
    raw       all bytes of a string (its NUL included) or other data
    address   (pid, address) of an integer, a pointer, a symbol; pid is None for the kernel's
    frames    (pid, program counters, how many of them to show) of a stack; pid is None for the kernel's

Each view gives a Slot (template.py).
"""

from __future__ import annotations

import struct

from .template import Slot
from .text import cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .template import Buffer, Convert, Late

    # Names of a part (prov, mod, func, name) of every site's probe, by site number.
    SiteNames = Callable[[str], Sequence[bytes]]

_UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
_SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}
_REAL = {4: "f", 8: "d"}
_PAIR = struct.Struct("=QQ").unpack


class Layout:
    """The fields of one kind of record. `fixed` is the size of its fixed part: tail strings begin there. For an
    aggregation key it is None."""

    def __init__(self, fields: Sequence[Mapping[str, Any]], site_names: SiteNames, fixed: int | None = None) -> None:
        self.fields = fields
        self._site_names = site_names
        self._fixed = fixed
        self._tails = [i for i, field in enumerate(fields) if field["kind"] == "tail"]

    def is_signed(self, index: int) -> bool:
        """The field's own signedness."""
        field = self.fields[index]
        return field["kind"] == "int" and bool(field["signed"])

    def number(self, index: int, signed: bool | None = None) -> Slot:
        """`signed` is None for the field's own signedness."""
        field = self.fields[index]
        kind, offset = field["kind"], field["offset"]
        if kind == "usym":
            return Slot(offset + 8, "Q")
        codes = _SIGNED if (self.is_signed(index) if signed is None else signed) else _UNSIGNED
        return Slot(offset, codes[field["size"]])

    def real(self, index: int) -> Slot:
        field = self.fields[index]
        size = field["size"]
        if size == 16:
            return Slot(field["offset"], "16s", long_double)
        return Slot(field["offset"], _REAL[size])

    def text(self, index: int) -> Slot:
        field = self.fields[index]
        if field["kind"] == "tail":
            return Slot(late=self._tail(index))
        if field["kind"] == "probe":
            return self._probe(field)
        return Slot(field["offset"], f"{field['size']}s", cut)

    def raw(self, index: int) -> Slot:
        field = self.fields[index]
        size = field["size"]
        if field["kind"] == "tail":
            return Slot(late=self._tail(index), convert=lambda text: text.ljust(size, b"\0"))
        if field["kind"] == "probe":
            return self._probe(field).then(lambda name: name + b"\0")
        return Slot(field["offset"], f"{size}s")

    def address(self, index: int) -> Slot:
        field = self.fields[index]
        if field["kind"] == "usym":
            return Slot(field["offset"], "16s", _PAIR)
        return self.number(index, signed=False).then(lambda address: (None, address))

    def frames(self, index: int) -> Slot:
        field = self.fields[index]
        words = field["size"] // 8
        frames = _frames(words, field["kind"] == "ustack", int(field["what"] or words))
        return Slot(field["offset"], f"{field['size']}s", frames)

    def _probe(self, field: Mapping[str, Any]) -> Slot:
        names = self._site_names(field["what"])
        if self._fixed is None:
            return Slot(field["offset"], "I", names.__getitem__)
        return Slot(late=lambda buf, offset, length, site: names[site])

    def _tail(self, index: int) -> Late:
        """Tail strings follow one another, each ended by a NUL."""
        start = self._fixed or 0
        number = self._tails.index(index)
        splits = number + 1

        def tail(buf: Buffer, offset: int, length: int, extra: Any) -> bytes:
            strings: list[bytes] = buf[offset + start : offset + length].split(b"\0", splits)
            return strings[number]

        return tail


def _frames(words: int, user: bool, depth: int) -> Convert:
    """Reads a stack of so many words: program counters end at the first zero."""
    unpack = struct.Struct(f"={words}Q").unpack

    def frames(data: bytes) -> tuple[int | None, tuple[int, ...], int]:
        numbers = unpack(data)
        pid, pcs = (numbers[0], numbers[1:]) if user else (None, numbers)
        return pid, pcs[: pcs.index(0)] if 0 in pcs else pcs, depth

    return frames


def long_double(data: bytes) -> float:
    """An x87 long double (16 bytes in memory, 80 bits used) as the nearest double."""
    mantissa, head = struct.unpack_from("<QH", data)
    sign = -1.0 if head & 0x8000 else 1.0
    exponent = head & 0x7FFF
    if exponent == 0x7FFF:
        return sign * float("inf") if mantissa << 1 & (1 << 64) - 1 == 0 else float("nan")
    from math import ldexp

    try:
        return sign * ldexp(float(mantissa), exponent - 16383 - 63)
    except OverflowError:
        return sign * float("inf")
