"""Names of addresses in running, finished and moved programs."""

from __future__ import annotations

import ctypes
import mmap
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from d2bpf.symbols.elf import Elf
from d2bpf.symbols.user import Mapping, PerfMap, UserSymbols
from tests.symbols.programs import build, tool

ME = os.getpid()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("user"))


@contextmanager
def running(path: Path) -> Iterator[int]:
    """The process id of a program that has come as far as printing a line."""
    with subprocess.Popen([path], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process.pid
        finally:
            process.kill()


def values(path: Path) -> dict[str, tuple[int, int]]:
    """Value and size of every symbol of a file."""
    with Elf.open(str(path)) as elf:
        return {name: (value, size) for name, value, size, _, _ in elf.symbols()}


def base(pid: int, path: Path) -> int:
    """Where the file begins in the process: for these programs the first segment lies at 0 in file and memory."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return min(int(line.split("-")[0], 16) for line in lines if str(path) in line)


def test_functions_of_a_running_program(program: Path) -> None:
    symbols = UserSymbols()
    with running(program) as pid:
        start = base(pid, program)
        for name, (value, size) in values(program).items():
            if name in ("outer", "hidden", "main"):
                assert symbols.resolve(pid, start + value) == ("program", name, 0)
                assert symbols.resolve(pid, start + value + size - 1) == ("program", name, size - 1)
        value, _ = values(program)["__twin"]
        assert symbols.resolve(pid, start + value + 2) == ("program", "twin", 2), "the more readable of two names"


def test_data_and_unmapped_addresses(program: Path) -> None:
    symbols = UserSymbols()
    with running(program) as pid:
        value, _ = values(program)["data_word"]
        place = symbols.resolve(pid, base(pid, program) + value)
        assert place is not None
        with Elf.open(str(program)) as elf:
            assert place == ("program", "", elf.file_offset(value))
            assert symbols.locate(pid, base(pid, program) + value) == ("program", elf.file_offset(value))
        assert symbols.resolve(pid, 16) is None
        assert symbols.locate(pid, 16) is None
        assert symbols.resolve(pid, (1 << 64) - 1) is None


def test_names_outlive_the_process(program: Path) -> None:
    symbols, late = UserSymbols(), UserSymbols()
    value, _ = values(program)["outer"]
    with running(program) as pid:
        address = base(pid, program) + value
        symbols.remember(pid)
    symbols.refresh()
    assert symbols.resolve(pid, address) == ("program", "outer", 0), "the file is read after the process is gone"
    assert late.resolve(pid, address) is None


def test_deleted_program(program: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copy(program, copy)
    value, _ = values(program)["outer"]
    with running(copy) as pid:
        address = base(pid, copy) + value
        copy.unlink()
        place = UserSymbols().resolve(pid, address)
    if os.geteuid():
        pytest.skip("only root may read the files behind deleted names")
    assert place == ("copy", "outer", 0)


def test_replaced_program(program: Path, tmp_path: Path) -> None:
    """Another file under the name of the running one must not lend it its symbols."""
    copy, other = tmp_path / "copy", tmp_path / "other"
    shutil.copy(program, copy)
    build(tmp_path, name="other", source="int pad(void) { return 1; } int main(void) { return pad(); }")
    value, _ = values(program)["outer"]
    with running(copy) as pid:
        address = base(pid, copy) + value
        other.rename(copy)
        place = UserSymbols().resolve(pid, address)
    if os.geteuid():
        assert place is not None
        assert place[:2] == ("copy", "")
    else:
        assert place == ("copy", "outer", 0)


def test_program_in_another_root(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("chroot needs root")
    root = tmp_path / "root"
    root.mkdir()
    (root / "bin").mkdir()
    program = build(tmp_path, "-static")
    shutil.copy(program, root / "bin" / "jailed")
    value, _ = values(program)["outer"]
    with subprocess.Popen([tool("chroot"), root, "/bin/jailed"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        try:
            with Elf.open(str(program)) as elf:
                start = base(process.pid, Path("/bin/jailed")) if elf.type == 3 else 0
            assert UserSymbols().resolve(process.pid, start + value) == ("jailed", "outer", 0)
        finally:
            process.kill()


def test_stripped_and_broken_files_have_no_names(program: Path, tmp_path: Path) -> None:
    stripped = tmp_path / "stripped"
    subprocess.run([tool("strip"), "-o", stripped, program], check=True)
    value, _ = values(program)["outer"]
    with running(stripped) as pid:
        address = base(pid, stripped) + value
        assert UserSymbols().resolve(pid, address) == ("stripped", "", value)


def test_library_functions_of_this_process() -> None:
    symbols = UserSymbols()
    libc = ctypes.CDLL(None)
    for name in ("qsort", "getpid"):
        address = ctypes.cast(getattr(libc, name), ctypes.c_void_p).value
        assert address is not None
        place = symbols.resolve(ME, address + 1)
        assert place is not None
        assert place[0].startswith("libc.so")
        assert place[1:] == (name, 1)


def test_vdso() -> None:
    maps = [Mapping(line) for line in Path("/proc/self/maps").read_text().splitlines()]
    vdso = next((mapping for mapping in maps if mapping.path == "[vdso]"), None)
    if vdso is None:
        pytest.skip("no vdso here")
    symbols = UserSymbols()
    found = {symbols.resolve(ME, address) for address in range(vdso.start, vdso.end, 16)}
    assert {place[0] for place in found if place} == {"[vdso]"}
    assert any("clock_gettime" in place[1] for place in found if place)


def test_mapping_loaded_later_is_found_after_refresh(program: Path) -> None:
    """What was not mapped when the mappings were read is unknown until the next batch."""
    symbols = UserSymbols()
    symbols.remember(ME)
    with program.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        line = next(line for line in Path("/proc/self/maps").read_text().splitlines() if str(program) in line)
        start = int(line.split("-")[0], 16)
        assert symbols.resolve(ME, start) is None
        symbols.refresh()
        assert symbols.resolve(ME, start) == ("program", "", 0)
        assert mapped[:4] == b"\x7fELF"


# ---- a made-up /proc ----


def fake(tmp_path: Path, maps: str, perf_map: str = "") -> UserSymbols:
    process = tmp_path / "123"
    (process / "root" / "tmp").mkdir(parents=True)
    (process / "maps").write_text(maps)
    (process / "status").write_text("Name:\tjava\nNSpid:\t123\t7\n")
    if perf_map:
        (process / "root" / "tmp" / "perf-7.map").write_text(perf_map)
    return UserSymbols(str(tmp_path))


JIT = "7f0000000000-7f0000010000 rwxp 00000000 00:00 0 \n"


def test_perf_map(tmp_path: Path) -> None:
    text = "7f0000000100 20 Lorg/Foo;::bar()\n7f0000000200 10 old\n7f0000000200 8 new\nnonsense\n7f0000000300"
    symbols = fake(tmp_path, JIT, text)
    assert symbols.resolve(123, 0x7F0000000110) == ("perf-7.map", "Lorg/Foo;::bar()", 0x10)
    assert symbols.resolve(123, 0x7F0000000120) is None
    assert symbols.resolve(123, 0x7F0000000204) == ("perf-7.map", "new", 4)


def test_perf_map_that_grows(tmp_path: Path) -> None:
    symbols = fake(tmp_path, JIT, "7f0000000100 20 one\n")
    assert symbols.resolve(123, 0x7F0000000210) is None
    path = tmp_path / "123" / "root" / "tmp" / "perf-7.map"
    path.write_text(path.read_text() + "7f0000000200 20 two with blanks\n")
    assert symbols.resolve(123, 0x7F0000000210) is None, "not before the next batch"
    symbols.refresh()
    assert symbols.resolve(123, 0x7F0000000210) == ("perf-7.map", "two with blanks", 0x10)


def test_memory_without_names(tmp_path: Path) -> None:
    maps = JIT + "7f0000020000-7f0000030000 r-xp 00001000 00:05 99 /memfd:jit code (deleted)\n"
    maps += "7ffe00000000-7ffe00010000 rw-p 00000000 00:00 0                          [stack]\n"
    symbols = fake(tmp_path, maps)
    assert symbols.resolve(123, 0x7F0000000110) is None
    assert symbols.locate(123, 0x7F0000000110) is None
    assert symbols.locate(123, 0x7F0000020010) == ("memfd:jit code", 0x1010)
    assert symbols.resolve(123, 0x7F0000020010) == ("memfd:jit code", "", 0x1010)
    assert symbols.resolve(123, 0x7FFE00000010) == ("[stack]", "", 0x10)


def test_perf_map_file(tmp_path: Path) -> None:
    path = tmp_path / "perf-1.map"
    path.write_text("")
    assert PerfMap(str(path)).at(0) is None


def test_process_without_mappings() -> None:
    assert UserSymbols().resolve(2, 0x1000) is None, "a kernel thread"
    assert UserSymbols().resolve(1 << 22 | 1, 0x1000) is None, "no process at all"
