"""Which build a program or library is."""

from __future__ import annotations

from .elf import Elf, ElfError


def identity(path: str) -> str:
    """What tells a file from other builds of it: the number of its build or, without one, a checksum; "" if it cannot be read."""
    try:
        with Elf.open(path) as elf:
            return elf.build_id() or _checksum(path)
    except (OSError, ElfError):
        return ""


def _checksum(path: str) -> str:
    from zlib import crc32

    with open(path, "rb") as file:
        return f"{crc32(file.read()):08x}"
