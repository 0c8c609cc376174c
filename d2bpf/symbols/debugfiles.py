"""The symbols of a program or library, wherever they went when it was stripped.

    .symtab           of the file itself, if it still has that
    a debug file      /usr/lib/debug/.build-id/12/34....debug, by the number of the build; or the file that .gnu_debuglink names,
                      by the checksum of its bytes
    .gnu_debugdata    a small ELF file inside, packed by xz: the functions that are not in .dynsym
    .dynsym           what the dynamic linker needs: always there in a library, and in most programs that use some

A debug file has the addresses of the file it was taken from, so its symbols are used as if they were the file's own.
"""

from __future__ import annotations

import os

from .elf import DEBUG_DATA, SHT_DYNSYM, SHT_SYMTAB, Elf, ElfError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .elf import SymbolTable

FOLDER = "/usr/lib/debug"
_DATA_LIMIT = 1 << 28  # bytes of an unpacked .gnu_debugdata
_PIECE = 1 << 20


def symbol_tables(elf: Elf, path: str = "", root: str = "") -> list[SymbolTable]:
    """The tables that together have all symbols known of a file: the fullest there is, and .dynsym. `path` is the file's in its own
    file system, of which the root is `root` here ("/proc/PID/root"); without a path no debug file is looked for.

    ElfError if the file itself is damaged; of others only what is sound is used."""
    full = elf.symbol_table(SHT_SYMTAB)
    if full is None or not len(full):
        full = next((table for table in _elsewhere(elf, path, root)), None)
    return [table for table in (full, elf.symbol_table(SHT_DYNSYM)) if table is not None]


def looked_for(elf: Elf, path: str) -> list[str]:
    """Where symbol_tables() looks for a debug file, for people."""
    return list(_by_build(elf)) + [name for name, _ in _by_link(elf, path)]


def _elsewhere(elf: Elf, path: str, root: str) -> Iterator[SymbolTable]:
    candidates = [(name, None) for name in _by_build(elf)] + list(_by_link(elf, path)) if path else []
    for name, checksum in candidates:
        for base in dict.fromkeys((root, "")):
            table = _table_of(base + name, elf.build_id(), checksum)
            if table is not None:
                yield table
    section = elf.section(DEBUG_DATA)
    if section is not None:
        table = _unpacked(elf.contents(section))
        if table is not None:
            yield table


def _by_build(elf: Elf) -> Iterator[str]:
    number = elf.build_id()
    if len(number) > 2:
        yield f"{FOLDER}/.build-id/{number[:2]}/{number[2:]}.debug"


def _by_link(elf: Elf, path: str) -> Iterator[tuple[str, int]]:
    link = elf.debug_link()
    if link is None:
        return
    name, checksum = link
    folder = os.path.dirname(path)
    for place in (f"{folder}/{name}", f"{folder}/.debug/{name}", f"{FOLDER}{folder}/{name}"):
        if place != path:
            yield place, checksum


def _table_of(path: str, build_id: str, checksum: int | None) -> SymbolTable | None:
    """The symbols of a debug file, if it belongs to that build, or else has that checksum."""
    try:
        with Elf.open(path) as elf:
            same = elf.build_id() == build_id if build_id else checksum is not None and _crc32(path) == checksum
            return elf.symbol_table(SHT_SYMTAB) if same else None
    except (OSError, ElfError):
        return None


def _crc32(path: str) -> int:
    from zlib import crc32

    total = 0
    with open(path, "rb") as file:
        while True:
            piece = file.read(_PIECE)
            if not piece:
                return total
            total = crc32(piece, total)


def _unpacked(data: bytes) -> SymbolTable | None:
    import lzma

    try:
        unpacked = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_DATA_LIMIT).decompress(data, _DATA_LIMIT)
        return Elf.of_bytes(unpacked).symbol_table(SHT_SYMTAB)
    except (lzma.LZMAError, ElfError):
        return None
