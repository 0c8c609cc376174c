"""print(): recorded bytes shown by their type, in Oracle's form for what a pointer points to and in Solaris' for a value
(output.md 3.3). How types are described: builtins/actions/_layout.py.
"""

from __future__ import annotations

import struct
import sys

from .text import cut, of_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    Type = Mapping[str, Any]

DEEPEST = 10  # structures and arrays within one another
MARGIN = 44  # blanks before the lines of what a pointer points to
INDENT = 4  # blanks a level of a value
MORE = b"..."
AGGREGATES = ("struct", "union", "array")
PRINTABLE = bytes(range(0x20, 0x7F))


class Bits:
    """Recorded bytes with the place in them that a type is read at. `width` is that of a bit-field, or 0."""

    __slots__ = ("data", "offset", "width")

    def __init__(self, data: bytes, offset: int = 0, width: int = 0) -> None:
        self.data = data
        self.offset = offset
        self.width = width

    def member(self, offset: int, width: int = 0) -> Bits:
        return Bits(self.data, self.offset + offset, width)

    def bytes(self, size: int) -> bytes:
        """So many bytes, or fewer where the recording ends."""
        start = self.offset // 8
        return self.data[start : start + size]

    def has(self, size: int) -> bool:
        """Whether a value of `size` bytes, or the bit-field, was recorded in full."""
        return self.offset + (self.width or size * 8) <= len(self.data) * 8

    def is_zero(self, size: int) -> bool:
        if self.width:
            return not self.number(size, False)
        return not any(self.bytes(size))

    def number(self, size: int, signed: bool) -> int:
        if not self.width:
            return int.from_bytes(self.bytes(size), sys.byteorder, signed=signed)
        start, end = self.offset // 8, (self.offset + self.width + 7) // 8
        value = int.from_bytes(self.data[start:end], "little") >> self.offset % 8 & (1 << self.width) - 1
        return value - (1 << self.width) if signed and value >> self.width - 1 else value


class Shower:
    """What both forms have in common."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self.types: Sequence[Type] = layout["types"]
        self.root: int = layout["root"]

    def elements(self, of: Type, at: Bits) -> Iterator[tuple[bytes, Type, Bits]]:
        """(name, type, place) of each member or element."""
        if of["kind"] == "array":
            one = self.types[of["of"]]
            for i in range(of["count"]):
                yield b"", one, at.member(i * one["size"] * 8)
            return
        for name, number, offset, width in of["members"]:
            yield of_name(name), self.types[number], at.member(offset, width)

    def started(self, of: Type, at: Bits) -> bool:
        """Whether enough was recorded to show something of a value."""
        return at.has(1 if of["kind"] in AGGREGATES and of["size"] else of["size"])


class Pointed(Shower):
    """Oracle's form: of what a pointer points to, only what is not zero."""

    def text(self, address: int, data: bytes) -> bytes:
        lines = [b"0x%x = *" % address]
        lines += [b" " * MARGIN + line for line in self.lines(0, b"", self.types[self.root], Bits(data), b"")]
        return b"\n".join(lines) + b"\n"

    def lines(self, level: int, name: bytes, of: Type, at: Bits, end: bytes) -> Iterator[bytes]:
        head = b"%s%s(%s)" % (b" " * level, name, of_name(of["name"]))
        if of["kind"] not in AGGREGATES:
            yield head + self.scalar(of, at) + end
            return
        opening, closing = (b" [", b"]") if of["kind"] == "array" else (b" {", b"}")
        yield head + opening
        yield from self.inner(level + 1, of, at)
        yield b" " * level + closing + end

    def inner(self, level: int, of: Type, at: Bits) -> Iterator[bytes]:
        if level > DEEPEST:
            yield b" " * level + MORE
            return
        for name, one, place in self.elements(of, at):
            if not self.started(one, place):
                yield b" " * level + MORE
                return
            if not place.is_zero(one["size"]):
                yield from self.lines(level, b".%s = " % name if name else b"", one, place, b",")

    def scalar(self, of: Type, at: Bits) -> bytes:
        if not at.has(of["size"]):
            return MORE
        kind = of["kind"]
        if kind == "pointer":
            return b"0x%x" % at.number(of["size"], False)
        if kind == "int":
            return b"%d" % at.number(of["size"], of["signed"])
        return other_scalar(of, at)


class Valued(Shower):
    """Solaris' form: of a value, every member. `location(address)` is the text of a kernel address."""

    def __init__(self, layout: Mapping[str, Any], location: Callable[[int], bytes]) -> None:
        super().__init__(layout)
        self.location = location

    def text(self, data: bytes) -> bytes:
        of, at = self.types[self.root], Bits(data)
        name = of_name(of["name"])
        if of["kind"] == "array" and of["count"]:
            text = self.string(of, at)
            if text is not None:
                return b"%s %s\n" % (name, text)
        return b"%s %s\n" % (name, self.value(0, of, at))

    def value(self, level: int, of: Type, at: Bits) -> bytes:
        kind = of["kind"]
        if kind == "array":
            return self.array(level, of, at)
        if kind in AGGREGATES:
            return b"{\n%s%s}" % (self.members(level + 1, of, at), b" " * INDENT * level)
        if not at.has(of["size"]) and kind != "string":
            return MORE
        if kind in ("pointer", "int"):
            number = at.number(of["size"], False)
            if of.get("function") and number:
                return self.location(number)
            return b"0x%x" % number if number else b"0"
        return other_scalar(of, at)

    def members(self, level: int, of: Type, at: Bits) -> bytes:
        margin = b" " * INDENT * level
        if level > DEEPEST:
            return margin + MORE + b"\n"
        lines = []
        for name, one, place in self.elements(of, at):
            if not self.started(one, place):
                lines.append(margin + MORE + b"\n")
                break
            value = self.value(level, one, place)
            lines.append(b"%s%s %s\n" % (margin, declared(one, name, place.width), value))
        return b"".join(lines)

    def array(self, level: int, of: Type, at: Bits) -> bytes:
        text = self.string(of, at)
        if text is not None:
            return b"[ %s ]" % text
        one = self.types[of["of"]]
        structures = one["kind"] in ("struct", "union")
        margin = b" " * INDENT * (level + 1)
        items = []
        for _, _, place in self.elements(of, at):
            if level >= DEEPEST or not self.started(one, place):
                items.append(margin + MORE if structures else MORE)
                break
            value = self.value(level + structures, one, place)
            items.append(margin + of_name(one["name"]) + b" " + value if structures else value)
        if not structures:
            return b"[ %s ]" % b", ".join(items)
        return b"[\n%s\n%s]" % (b",\n".join(items), b" " * INDENT * level)

    def string(self, of: Type, at: Bits) -> bytes | None:
        """The text in quotes, if an array of characters holds nothing but text up to a NUL."""
        if self.types[of["of"]]["kind"] != "char":
            return None
        data = at.bytes(of["size"])
        text = cut(data)
        return b'"%s"' % text if len(text) < len(data) and not text.translate(None, PRINTABLE) else None


def declared(of: Type, name: bytes, width: int) -> bytes:
    """A member's type and name, as they stand before its value."""
    type_ = of_name(of["name"])
    if type_ in (b"struct", b"union", b"enum"):
        type_ += b" "
    if not name:
        return type_.rstrip()
    place = b"%s%s" % (type_, name) if type_.endswith(b"*") else b"%s %s" % (type_, name)
    return place + (b" :%d =" % width if width else b" =")


def other_scalar(of: Type, at: Bits) -> bytes:
    """What looks alike in both forms."""
    kind = of["kind"]
    if kind == "char":
        return character(at.number(1, False))
    if kind == "enum":
        number = at.number(of["size"], of["signed"])
        return next((of_name(name) for name, value in of["values"] if value == number), b"%d" % number)
    if kind == "string":
        return b'"%s"' % cut(at.bytes(of["size"]))
    if kind == "float" and of["size"] in (4, 8):
        value: float = struct.unpack("=f" if of["size"] == 4 else "=d", at.bytes(of["size"]))[0]
        return b"%+.7e" % value
    return MORE


def character(number: int) -> bytes:
    if 0x20 <= number < 0x7F:
        return b"'%c'" % number
    return b"'\\0'" if not number else b"'\\%03o'" % number
