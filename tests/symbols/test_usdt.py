"""Notes of static probes: as readelf shows them, and damaged ones."""

from __future__ import annotations

import functools
import platform
import re
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.symbols import operands, running, usdt
from d2bpf.symbols.elf import Elf, ElfError
from tests.symbols.programs import build, tool

TRIGGER = Path(__file__).resolve().parent.parent / "triggers" / "usdt.c"
NAMES = {"sizes", "places", "spot", "tick-tock", "plain", "guarded"}


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("usdt"), "-O2", source=TRIGGER.read_text())


def notes_of(path: Path) -> list[usdt.Note]:
    with Elf.open(str(path)) as elf:
        return usdt.notes(elf)


def test_notes_as_readelf_shows_them(program: Path) -> None:
    text = subprocess.run([tool("readelf"), "--wide", "-n", program], check=True, capture_output=True, text=True).stdout
    form = r"Provider: (\S+)\s+Name: (\S+)\s+Location: (\S+), Base: (\S+), Semaphore: (\S+)\s+Arguments:(.*)"
    shown = [(p, n, int(at, 16), a.strip()) for p, n, at, _, _, a in re.findall(form, text)]
    assert len(shown) == 7
    assert [(note.provider, note.name, note.address, note.arguments) for note in notes_of(program)] == shown


def test_offsets_are_places_in_the_file(program: Path) -> None:
    data = program.read_bytes()
    nop = b"\x1f\x20\x03\xd5" if platform.machine() == "aarch64" else b"\x90"
    for note in notes_of(program):
        assert data[note.offset : note.offset + len(nop)] == nop
        assert (note.semaphore != 0) == (note.probe == "guarded")
        assert data[note.semaphore : note.semaphore + 2] == b"\0\0" or not note.semaphore


def test_notes_follow_a_file_that_was_moved_after_linking(program: Path, tmp_path: Path) -> None:
    """prelink(8) moves all addresses but those in notes: .stapsdt.base tells by how much."""
    data = bytearray(program.read_bytes())
    with Elf.open(str(program)) as elf:
        section, base = elf.section(usdt.SECTION), elf.section(usdt.BASE_SECTION)
        assert section is not None
        assert base is not None
    before = notes_of(program)
    at = section.offset
    for _ in before:  # as if linked 0x1000 further down
        owner, size, _ = struct.unpack_from("<III", data, at)
        words = list(struct.unpack_from("<QQQ", data, at + 12 + owner))
        struct.pack_into("<QQQ", data, at + 12 + owner, words[0] - 0x1000, words[1] - 0x1000, words[2] and words[2] - 0x1000)
        at += 12 + owner + (size + 3 & ~3)
    moved = tmp_path / "moved"
    moved.write_bytes(data)
    assert [(n.offset, n.semaphore) for n in notes_of(moved)] == [(n.offset, n.semaphore) for n in before]


def test_a_program_without_notes(tmp_path: Path) -> None:
    assert notes_of(build(tmp_path)) == []


def test_names_have_dashes_for_two_underscores() -> None:
    assert usdt.Note("p", "query__start_x", 0, 0, 0, "").probe == "query-start_x"


def test_a_stripped_program_keeps_its_probes(program: Path, tmp_path: Path) -> None:
    stripped = tmp_path / "stripped"
    subprocess.run([tool("strip"), "-o", stripped, program], check=True)
    assert [n.offset for n in notes_of(stripped)] == [n.offset for n in notes_of(program)]
    found = running.Program(str(stripped), "stripped")
    assert {found.function(note) for note in found.notes} == {""}
    assert found.distance(found.notes[0], "counter") is None


def test_functions_and_symbols_of_a_program(program: Path) -> None:
    found = running.Program(str(program), "usdt")
    assert [(n.probe, found.function(n)) for n in found.notes if n.probe in ("spot", "plain")] == [
        ("spot", "twice"),
        ("spot", "twice"),
        ("plain", "fire"),
    ]
    note = found.notes[0]
    with Elf.open(str(program)) as elf:
        counter = next(value for name, value, *_ in elf.symbols() if name == "counter")
    assert found.distance(note, "counter") == counter - note.address
    assert found.distance(note, "nothing") is None


def test_every_argument_is_understood(program: Path) -> None:
    found = running.Program(str(program), "usdt")
    for note in found.notes:
        for text in operands.split(note.arguments):
            source = operands.parse(text, found.machine, functools.partial(found.distance, note))[2]
            assert source[0] != "unknown", text


def test_running_processes_are_found(program: Path) -> None:
    with subprocess.Popen([program, "1", "wait"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            found = [p for p in running.programs() if p.path == str(program)]
            assert [(p.name, p.pids, {note.probe for note in p.notes}) for p in found] == [("program", [process.pid], NAMES)]
            assert [p.path for p in running.programs([process.pid]) if "trial" in {n.provider for n in p.notes}] == [str(program)]
        finally:
            process.kill()
    assert running.programs([process.pid]) == []


def test_programs_that_can_be_started(program: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "other-name").symlink_to(program)
    (tmp_path / "text").write_text("no program")
    (tmp_path / "folder").mkdir(mode=0o755)
    monkeypatch.setenv("PATH", f"/nonexistent:{tmp_path}:{program.parent}")
    found = running.installed("nothing-is-called-so")
    assert [(p.path, p.name, p.pids, {note.probe for note in p.notes}) for p in found] == [(str(program), "program", [], NAMES)]


# ---- damage ----


@functools.cache
def pieces(program: Path) -> tuple[bytes, int, int]:
    """The program's bytes, and where its notes begin and end."""
    with Elf.open(str(program)) as elf:
        section = elf.section(usdt.SECTION)
    assert section is not None
    return program.read_bytes(), section.offset, section.offset + section.size


def read_all(data: bytes) -> None:
    """Whatever the bytes are: notes or an ElfError, and every argument one source."""
    try:
        found = usdt.notes(Elf.of_bytes(data))
    except ElfError:
        return
    for note in found:
        assert 0 <= note.offset < len(data)
        for text in operands.split(note.arguments):
            operands.parse(text, "x86_64", lambda name: None)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_notes_are_refused_or_read(program: Path, changes: list[tuple[int, int]]) -> None:
    data, start, end = pieces(program)
    damaged = bytearray(data)
    for at, byte in changes:
        damaged[start + at % (end - start)] = byte
    read_all(bytes(damaged))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_headers_are_refused_or_read(program: Path, changes: list[tuple[int, int]]) -> None:
    data = pieces(program)[0]
    headers = bytearray(data)
    sections = struct.unpack_from("<Q", data, 0x28)[0]
    places = [*range(0x400), *range(sections, len(data))]
    for at, byte in changes:
        headers[places[at % len(places)]] = byte
    read_all(bytes(headers))


@given(st.binary(max_size=200))
def test_any_bytes_as_notes(program: Path, content: bytes) -> None:
    data, start, end = pieces(program)
    read_all(data[:start] + content[: end - start].ljust(end - start, b"\0") + data[end:])


@given(st.integers(0, 1 << 20))
def test_a_file_that_is_cut_off(program: Path, length: int) -> None:
    data = pieces(program)[0]
    read_all(data[: length % len(data)])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (struct.pack("<III", 8, 1 << 31, 3) + b"stapsdt\0", "cut off"),
        (struct.pack("<III", 8, 8, 3) + b"stapsdt\0" + b"12345678", "too short"),
        (struct.pack("<III", 8, 28, 3) + b"stapsdt\0" + bytes(28), "lacks its names"),
    ],
)
def test_what_is_wrong_is_said(program: Path, content: bytes, message: str) -> None:
    data, start, _ = pieces(program)
    with pytest.raises(ElfError, match=message):
        usdt.notes(Elf.of_bytes(data[:start] + content + data[start + len(content) :]))
