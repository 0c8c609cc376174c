"""Symbols, segments and sections of ELF files (System V ABI, chapters 4 and 5).

Only what is asked for is read, by pread(2), so that a file that shrinks meanwhile is an error and not a signal. Every
offset and count of a file is held against the file's size before it is used: damage is an ElfError. Little-endian files
of both classes are understood: those of x86-64 and arm64 and of the 32-bit programs these machines run.
"""

from __future__ import annotations

import os
import struct
from itertools import accumulate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    Reader = Callable[[int, int], bytes]  # size, offset: as os.pread
    Symbol = tuple[str, int, int, str, str]  # name, value, size, kind, binding
    Segment = tuple[int, int, int, int, int, int]  # type, flags, offset, vaddr, size in the file, size in memory

MAGIC = b"\x7fELF"
CLASS_32, CLASS_64, LITTLE_ENDIAN = 1, 2, 1
PT_LOAD = 1
SHT_SYMTAB, SHT_STRTAB, SHT_NOBITS, SHT_DYNSYM = 2, 3, 8, 11
SHN_UNDEF = 0
BUILD_ID, NT_GNU_BUILD_ID, DEBUG_LINK, DEBUG_DATA = ".note.gnu.build-id", 3, ".gnu_debuglink", ".gnu_debugdata"
_NOTE = struct.Struct("<III")  # sizes of owner and description, type
_NOTE_LIMIT = 1 << 12

KINDS = {0: "notype", 1: "object", 2: "func", 5: "common", 6: "tls", 10: "ifunc"}  # others are no symbols of a program
BINDINGS = {0: "local", 1: "global", 2: "weak", 10: "unique"}

# Per class: header behind the identification, program header, section header, symbol.
_HEADER = {CLASS_64: struct.Struct("<HHIQQQIHHHHHH"), CLASS_32: struct.Struct("<HHIIIIIHHHHHH")}
_PROGRAM = {CLASS_64: struct.Struct("<IIQQQQQQ"), CLASS_32: struct.Struct("<IIIIIIII")}
_SECTION = {CLASS_64: struct.Struct("<IIQQQQIIQQ"), CLASS_32: struct.Struct("<IIIIIIIIII")}
_SYMBOL = {CLASS_64: struct.Struct("<IBBHQQ"), CLASS_32: struct.Struct("<IIIBBH")}


class ElfError(Exception):
    """The file is not ELF of a kind known here, or is damaged."""


class Section:
    """A section header: where the section lies in the file (nowhere: SHT_NOBITS) and in memory."""

    __slots__ = ("address", "entry_size", "link", "name", "offset", "size", "type")

    def __init__(self, name: str, type: int, address: int, offset: int, size: int, link: int, entry_size: int) -> None:
        self.name = name
        self.type = type
        self.address = address
        self.offset = offset
        self.size = size
        self.link = link
        self.entry_size = entry_size


class SymbolTable:
    """A symbol table and its strings, as they lie in the file. Names are decoded one by one: most are never needed."""

    def __init__(self, layout: struct.Struct, entries: bytes, strings: bytes) -> None:
        self._layout = layout
        self._entries = entries[: len(entries) // layout.size * layout.size]
        self._strings = strings
        self._is_wide = layout is _SYMBOL[CLASS_64]

    def __len__(self) -> int:
        return len(self._entries) // self._layout.size

    def rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        """(offset of the name, value, size, info, section index) of every entry, in order."""
        if self._is_wide:
            for name, info, _, section, value, size in self._layout.iter_unpack(self._entries):
                yield name, value, size, info, section
        else:
            for name, value, size, info, _, section in self._layout.iter_unpack(self._entries):
                yield name, value, size, info, section

    def row(self, index: int) -> tuple[int, int, int, int, int]:
        fields = self._layout.unpack_from(self._entries, index * self._layout.size)
        if self._is_wide:
            name, info, _, section, value, size = fields
        else:
            name, value, size, info, _, section = fields
        return name, value, size, info, section

    def text(self, offset: int) -> str:
        """The name at an offset into the strings."""
        return _text(self._strings, offset)

    def texts(self, offsets: Sequence[int]) -> list[str]:
        """The names at many offsets: the strings are cut up once. Most names begin where one ends; some are the end of another.
        A name outside the strings is ""."""
        whole = self._strings.decode("latin-1").split("\0")
        starts = dict(zip(accumulate([len(text) + 1 for text in whole], initial=0), whole))
        names = [starts.get(offset) for offset in offsets]
        return [name if name is not None and name.isascii() else self._text_or_none(offset) for name, offset in zip(names, offsets)]

    def _text_or_none(self, offset: int) -> str:
        try:
            return _text(self._strings, offset)
        except ElfError:
            return ""


class Elf:
    """One ELF file. `machine` is its e_machine, `bits` 32 or 64, `type` its e_type (2 fixed, 3 relocatable at load)."""

    def __init__(self, read: Reader, size: int) -> None:
        """`read(count, offset)` gives the file's bytes, fewer than asked for at the end; `size` is the file's."""
        self._read = read
        self._size = size
        self._fd = -1
        identification = read(16, 0)
        self._class = identification[4] if len(identification) == 16 else 0
        if not identification.startswith(MAGIC) or self._class not in (CLASS_32, CLASS_64):
            raise ElfError("not an ELF file")
        if identification[5] != LITTLE_ENDIAN:
            raise ElfError("an ELF file of another byte order")
        self.bits = 64 if self._class == CLASS_64 else 32
        header = _HEADER[self._class]
        fields = header.unpack(self._exactly(header.size, 16))
        self.type, self.machine, _, self.entry, self._phoff, self._shoff = fields[:6]
        self._phentsize, self._phnum, self._shentsize, self._shnum, self._shstrndx = fields[8:13]
        self._segments: list[Segment] | None = None
        self._sections: list[Section] | None = None

    @classmethod
    def open(cls, path: str) -> Elf:
        """The file at `path`, kept open until close(). OSError if it cannot be opened, ElfError if it is not ELF."""
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            elf = cls(lambda count, offset: os.pread(fd, count, offset), os.fstat(fd).st_size)
        except BaseException:
            os.close(fd)
            raise
        elf._fd = fd
        return elf

    @classmethod
    def of_bytes(cls, data: bytes) -> Elf:
        return cls(lambda count, offset: data[offset : offset + count], len(data))

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Elf:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---- layout ----

    def segments(self) -> list[Segment]:
        """Program headers: (type, flags, offset, vaddr, size in the file, size in memory)."""
        if self._segments is None:
            rows = self._table(_PROGRAM[self._class], self._phoff, self._phentsize, self._phnum, "program headers")
            if self.bits == 64:
                self._segments = [
                    (kind, flags, offset, vaddr, size, memory) for kind, flags, offset, vaddr, _, size, memory, _ in rows
                ]
            else:
                self._segments = [
                    (kind, flags, offset, vaddr, size, memory) for kind, offset, vaddr, _, size, memory, flags, _ in rows
                ]
        return self._segments

    def file_offset(self, vaddr: int) -> int | None:
        """Where in the file the byte lies that is loaded at `vaddr`; None if no segment loads it from there."""
        for kind, _, offset, start, size, _ in self.segments():
            if kind == PT_LOAD and start <= vaddr < start + size:
                at = vaddr - start + offset
                return at if at < self._size else None
        return None

    def vaddr(self, file_offset: int) -> int | None:
        """The address, before relocation, at which a byte of the file is loaded; None if it is in no segment."""
        for kind, _, offset, start, size, _ in self.segments():
            if kind == PT_LOAD and offset <= file_offset < offset + size:
                return file_offset - offset + start
        return None

    def sections(self) -> list[Section]:
        if self._sections is None:
            self._sections = self._read_sections()
        return self._sections

    def section(self, name: str) -> Section | None:
        return next((section for section in self.sections() if section.name == name), None)

    def contents(self, section: Section) -> bytes:
        """A section's bytes; none for one that takes no room in the file."""
        return b"" if section.type == SHT_NOBITS else self._exactly(section.size, section.offset)

    # ---- what belongs to the file ----

    def build_id(self) -> str:
        """The number that the linker gave this build, in hexadecimal; "" if it has none."""
        section = self.section(BUILD_ID)
        data = self.contents(section) if section and section.size <= _NOTE_LIMIT else b""
        if len(data) < _NOTE.size:
            return ""
        owner, size, kind = _NOTE.unpack_from(data)
        start = _NOTE.size + (owner + 3 & ~3)
        return data[start : start + size].hex() if kind == NT_GNU_BUILD_ID else ""

    def debug_link(self) -> tuple[str, int] | None:
        """(name without folders, CRC-32 of its bytes) of the file that has what was stripped from this one; None without."""
        section = self.section(DEBUG_LINK)
        data = self.contents(section) if section and section.size <= _NOTE_LIMIT else b""
        name, ended, rest = data.partition(b"\0")
        if not ended or len(rest) < 4 or b"/" in name:
            return None
        return os.fsdecode(name), int.from_bytes(rest[-4:], "little")

    # ---- symbols ----

    def symbols(self) -> Iterator[Symbol]:
        """(name, value, size, kind, binding) of every symbol defined here, those of .symtab before those of .dynsym.

        kind is a value of KINDS: "func", "ifunc", "object", ...; binding one of BINDINGS. A value is an address before
        relocation. Names may come twice: .dynsym repeats what .symtab holds."""
        for section_type in (SHT_SYMTAB, SHT_DYNSYM):
            table = self.symbol_table(section_type)
            if table is None:
                continue
            for name, value, size, info, section in table.rows():
                kind = KINDS.get(info & 15)
                if kind and section != SHN_UNDEF and name:
                    yield table.text(name), value, size, kind, BINDINGS.get(info >> 4, "local")

    def symbol_table(self, section_type: int) -> SymbolTable | None:
        """The table of that section type, SHT_SYMTAB or SHT_DYNSYM; None if it was stripped."""
        sections = self.sections()
        for section in sections:
            if section.type == section_type:
                if not section.link < len(sections) or sections[section.link].type != SHT_STRTAB:
                    raise ElfError("a symbol table has no strings")
                layout = _SYMBOL[self._class]
                if section.entry_size != layout.size:
                    raise ElfError(f"symbols of {section.entry_size} bytes each")
                return SymbolTable(layout, self.contents(section), self.contents(sections[section.link]))
        return None

    # ---- reading ----

    def _exactly(self, count: int, offset: int) -> bytes:
        if offset + count > self._size:
            raise ElfError("the file is cut off")
        data = self._read(count, offset) if count else b""
        if len(data) != count:
            raise ElfError("the file is cut off")
        return data

    def _table(self, layout: struct.Struct, offset: int, entry_size: int, count: int, what: str) -> list[tuple[int, ...]]:
        if count and entry_size != layout.size:
            raise ElfError(f"{what} of {entry_size} bytes each")
        return list(layout.iter_unpack(self._exactly(count * layout.size, offset))) if count else []

    def _read_sections(self) -> list[Section]:
        if not self._shoff:
            return []
        layout, count, names_index = _SECTION[self._class], self._shnum, self._shstrndx
        first = self._table(layout, self._shoff, self._shentsize, 1, "section headers")[0]
        count = count or first[5]  # more than fit the header: the first entry has the number, and that of the names
        names_index = first[6] if names_index == 0xFFFF else names_index
        rows = self._table(layout, self._shoff, self._shentsize, count, "section headers")
        names = b""
        if 0 < names_index < len(rows) and rows[names_index][1] == SHT_STRTAB:
            names = self._exactly(rows[names_index][5], rows[names_index][4])
        return [
            Section(_text(names, name) if names else "", kind, address, offset, size, link, entry_size)
            for name, kind, _, address, offset, size, link, _, _, entry_size in rows
        ]


def _text(strings: bytes, offset: int) -> str:
    end = strings.find(b"\0", offset)
    if end < 0:
        raise ElfError("a name lies outside its strings")
    return strings[offset:end].decode("utf-8", "replace")
