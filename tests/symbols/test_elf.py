"""The ELF reader against readelf, and on damaged files."""

from __future__ import annotations

import os
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.symbols.elf import PT_LOAD, SHT_DYNSYM, SHT_NOBITS, SHT_SYMTAB, Elf, ElfError
from tests.symbols.programs import build, readelf_symbols, tool

LIBC = Path("/usr/lib/x86_64-linux-gnu/libc.so.6")
SHOWN = ("notype", "object", "func", "common", "tls", "ifunc")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("elf"), "-rdynamic")


def ours(path: Path) -> set[tuple[str, int, int, str, str]]:
    with Elf.open(str(path)) as elf:
        return {(name.partition("@")[0], value, size, kind, binding) for name, value, size, kind, binding in elf.symbols()}


def test_symbols_are_readelf_s(program: Path) -> None:
    said = {symbol for symbol in readelf_symbols(program) if symbol[3] in SHOWN}
    assert ours(program) == said
    names = {name: (kind, binding) for name, _, _, kind, binding in said}
    assert names["outer"] == ("func", "global")
    assert names["hidden"] == ("func", "local")
    assert names["data_word"] == ("object", "global")


@pytest.mark.skipif(not LIBC.exists(), reason="no Debian libc of x86-64")
def test_symbols_of_libc() -> None:
    assert ours(LIBC) == {symbol for symbol in readelf_symbols(LIBC) if symbol[3] in SHOWN}


def test_stripped_program_keeps_its_dynamic_symbols(program: Path, tmp_path: Path) -> None:
    stripped = tmp_path / "stripped"
    subprocess.run([tool("strip"), "-o", stripped, program], check=True)
    with Elf.open(str(stripped)) as elf:
        assert elf.symbol_table(SHT_SYMTAB) is None
        assert elf.symbol_table(SHT_DYNSYM) is not None
        names = {name for name, *_ in elf.symbols()}
    assert "outer" in names
    assert "hidden" not in names


def test_32_bit_object(tmp_path: Path) -> None:
    source = tmp_path / "it.c"
    source.write_text("int word; int twice(int n) { return n * 2; }")
    compiled = tmp_path / "it.o"
    subprocess.run([tool("gcc"), "-m32", "-c", "-o", compiled, source], check=True)
    with Elf.open(str(compiled)) as elf:
        assert (elf.bits, elf.machine, elf.type) == (32, 3, 1)
        assert elf.section(".text") is not None
    assert ours(compiled) == {symbol for symbol in readelf_symbols(compiled) if symbol[3] in SHOWN}


def test_addresses_and_file_offsets(program: Path) -> None:
    with Elf.open(str(program)) as elf:
        value = next(value for name, value, *_ in elf.symbols() if name == "data_word")
        at = elf.file_offset(value)
        assert at is not None
        assert struct.unpack_from("=i", program.read_bytes(), at) == (7,)
        assert elf.vaddr(at) == value
        loads = [segment for segment in elf.segments() if segment[0] == PT_LOAD]
        beyond = max(vaddr + memory for _, _, _, vaddr, _, memory in loads)
        assert elf.file_offset(beyond) is None
        assert elf.vaddr(program.stat().st_size) is None


def test_sections(program: Path) -> None:
    with Elf.open(str(program)) as elf:
        comment = elf.section(".comment")
        assert comment is not None
        assert elf.contents(comment).startswith(b"GCC: ")
        bss = elf.section(".bss")
        assert bss is not None
        assert bss.type == SHT_NOBITS
        assert elf.contents(bss) == b""
        assert elf.section(".nothing") is None


def test_open_leaves_no_descriptor(program: Path, tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with Elf.open(str(program)):
        assert len(os.listdir("/proc/self/fd")) == before + 1
    text = tmp_path / "text"
    text.write_text("#!/bin/sh\n")
    with pytest.raises(ElfError, match="not an ELF file"):
        Elf.open(str(text))
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("data", [b"", b"\x7fELF", b"\x7fELF\x03" + bytes(60), bytes(64)])
def test_what_is_not_elf(data: bytes) -> None:
    with pytest.raises(ElfError, match="not an ELF file"):
        Elf.of_bytes(data)


def test_other_byte_order() -> None:
    with pytest.raises(ElfError, match="another byte order"):
        Elf.of_bytes(b"\x7fELF\x02\x02\x01" + bytes(60))


# ---- damage ----


def small() -> bytes:
    """A complete little file: header, one program header, .symtab with strings, .shstrtab."""
    strings, names = b"\0start\0loop\0", b"\0.symtab\0.strtab\0.shstrtab\0"
    symbols = struct.pack("<IBBHQQ", 0, 0, 0, 0, 0, 0)
    symbols += struct.pack("<IBBHQQ", 1, 0x12, 0, 1, 0x1000, 16)
    symbols += struct.pack("<IBBHQQ", 7, 0x02, 0, 1, 0x1010, 8)
    base = 64 + 56
    at_strings, at_names = base + len(symbols), base + len(symbols) + len(strings)
    at_sections = at_names + len(names)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 3, 62, 1, 0x1000, 64, at_sections, 0, 64, 56, 1, 64, 4, 3)
    program = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x1000, 0x1000, at_sections, at_sections, 4096)
    sections = struct.pack("<IIQQQQIIQQ", *[0] * 10)
    sections += struct.pack("<IIQQQQIIQQ", 1, 2, 0, 0, base, len(symbols), 2, 2, 8, 24)
    sections += struct.pack("<IIQQQQIIQQ", 9, 3, 0, 0, at_strings, len(strings), 0, 0, 1, 0)
    sections += struct.pack("<IIQQQQIIQQ", 17, 3, 0, 0, at_names, len(names), 0, 0, 1, 0)
    return header + program + symbols + strings + names + sections


SMALL = small()


def ask_everything(data: bytes) -> list[str]:
    elf = Elf.of_bytes(data)
    elf.segments()
    elf.file_offset(0x1008)
    elf.vaddr(8)
    for section in elf.sections():
        elf.contents(section)
    return [name for name, *_ in elf.symbols()]


def test_small_file_is_whole() -> None:
    assert ask_everything(SMALL) == ["start", "loop"]
    assert [section.name for section in Elf.of_bytes(SMALL).sections()] == ["", ".symtab", ".strtab", ".shstrtab"]


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [
        (40, struct.pack("<Q", 1 << 63), "cut off"),  # section headers beyond the end
        (58, struct.pack("<H", 63), "section headers of 63 bytes"),
        (60, struct.pack("<H", 60000), "cut off"),  # number of sections
        (54, struct.pack("<H", 8), "program headers of 8 bytes"),
        (32, struct.pack("<Q", len(SMALL) - 8), "cut off"),  # program headers
        (len(SMALL) - 3 * 64 + 40, struct.pack("<I", 9), "a symbol table has no strings"),
        (len(SMALL) - 3 * 64 + 56, struct.pack("<Q", 16), "symbols of 16 bytes"),
        (len(SMALL) - 3 * 64 + 32, struct.pack("<Q", 1 << 40), "cut off"),  # size of the table
        (64 + 56 + 24, struct.pack("<I", 500), "outside its strings"),  # name of a symbol
    ],
)
def test_damage_is_named(at: int, value: bytes, message: str) -> None:
    with pytest.raises(ElfError, match=message):
        ask_everything(SMALL[:at] + value + SMALL[at + len(value) :])


@settings(deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(4, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    keep=st.one_of(st.just(len(SMALL)), st.integers(0, len(SMALL))),
)
def test_damage_is_read_or_refused(changes: list[tuple[int, int]], keep: int) -> None:
    damaged = bytearray(SMALL)
    for at, value in changes:
        damaged[at] = value
    try:
        ask_everything(bytes(damaged[:keep]))
    except ElfError:
        pass


def test_file_that_shrinks_while_open(program: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(program.read_bytes())
    with Elf.open(str(copy)) as elf:
        os.truncate(copy, 100)
        with pytest.raises(ElfError, match="cut off"):
            elf.sections()
