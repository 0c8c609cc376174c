"""Static probes of user programs: the notes that systemtap's <sys/sdt.h> leaves in ELF files.

Each note of section .note.stapsdt has type 3, owner "stapsdt", and describes one place in the code:

    address   of the instruction, a nop          } three words of the file's class; all as the linker saw them, so that the
    address   of section .stapsdt.base           } difference between the second word and where that section is now
    address   of the probe's semaphore, or 0     } must be added to the others
    strings   provider, name, arguments          each with its NUL

A semaphore is a 16-bit counter that the program reads to learn whether anybody traces the probe; the kernel increments it where a
program is attached with the counter's offset in the file.
"""

from __future__ import annotations

import struct

from .elf import ElfError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .elf import Elf

SECTION, BASE_SECTION = ".note.stapsdt", ".stapsdt.base"
OWNER, TYPE = b"stapsdt\0", 3
MACHINES = {62: "x86_64", 3: "x86_64", 183: "aarch64"}  # by e_machine; the registers of i386 are the low halves of x86-64's
_LIMIT = 1 << 23  # bytes of a section that are read; the largest programs have some 100 KB
_SEGMENTS = 256  # of a program; a dozen is usual
_HEAD = struct.Struct("<III")  # sizes of owner and description, type


class Note:
    """A probe at one place. `provider` and `name` are as in the note (two underscores for a dash); `address` is the instruction's
    before relocation, `offset` its place in the file, `semaphore` the counter's place in the file or 0; `arguments` is the text."""

    __slots__ = ("address", "arguments", "name", "offset", "provider", "semaphore")

    def __init__(self, provider: str, name: str, address: int, offset: int, semaphore: int, arguments: str) -> None:
        self.provider = provider
        self.name = name
        self.address = address
        self.offset = offset
        self.semaphore = semaphore
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"Note({self.provider}:{self.name} at {self.offset:#x}, {self.arguments!r})"

    @property
    def probe(self) -> str:
        """The probe's name in D: query__start is query-start."""
        return self.name.replace("__", "-")


def notes(elf: Elf) -> list[Note]:
    """The probes of a file in order of their notes; none is an empty list. ElfError if the notes are damaged."""
    section = elf.section(SECTION)
    if section is None:
        return []
    if section.size > _LIMIT or len(elf.segments()) > _SEGMENTS:
        raise ElfError(f"{section.size} bytes of probes, {len(elf.segments())} segments")
    base = elf.section(BASE_SECTION)
    data = elf.contents(section)
    word = struct.Struct("<QQQ" if elf.bits == 64 else "<III")
    found: list[Note] = []
    at = 0
    while at < len(data):
        if at + _HEAD.size > len(data):
            raise ElfError("a probe's note is cut off")
        owner_size, size, kind = _HEAD.unpack_from(data, at)
        owner = at + _HEAD.size
        start = owner + _aligned(owner_size)
        at = start + _aligned(size)
        if start + size > len(data):
            raise ElfError("a probe's note is cut off")
        if kind == TYPE and data[owner : owner + owner_size] == OWNER:
            note = _note(elf, data[start : start + size], word, base.address if base else 0)
            if note is not None:
                found.append(note)
    return found


def _aligned(size: int) -> int:
    return (size + 3) & ~3


def _note(elf: Elf, description: bytes, word: struct.Struct, base_now: int) -> Note | None:
    """A note's probe; None if its instruction is not in the file, so that it cannot be probed."""
    if len(description) < word.size:
        raise ElfError("a probe's note is too short")
    address, base_then, semaphore = word.unpack_from(description)
    moved = base_now - base_then if base_now and base_then else 0
    strings = description[word.size :].split(b"\0")
    if len(strings) < 4 or not strings[0] or not strings[1]:
        raise ElfError("a probe's note lacks its names")
    provider, name, arguments = (text.decode("utf-8", "replace") for text in strings[:3])
    offset = elf.file_offset(address + moved)
    if offset is None:
        return None
    counter = elf.file_offset(semaphore + moved) if semaphore else 0
    return Note(provider, name, address + moved, offset, counter or 0, arguments)
