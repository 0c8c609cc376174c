"""Functions of a file by name, from all the places where its symbols can be."""

from __future__ import annotations

import lzma
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.symbols.debugfiles import looked_for, symbol_tables
from d2bpf.symbols.elf import Elf, ElfError
from d2bpf.symbols.functions import FunctionTable
from tests.symbols import programs

CXX = """
struct Cart { __attribute__((noinline)) int add(int); };
int Cart::add(int n) { return n + 1; }
namespace shop {
__attribute__((noinline)) int price(int n) { return n; }
__attribute__((noinline)) int price(long n) { return n + 1; }
}
int main(int count, char **) { Cart cart; return cart.add(count) + shop::price(count) + shop::price(1L); }
"""


class Memory:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, bytes], bytes] = {}

    def get(self, kind: str, key: bytes) -> bytes | None:
        return self.kept.get((kind, key))

    def put(self, kind: str, key: bytes, content: bytes) -> None:
        self.kept[kind, key] = content


def table(path: Path, store: Memory | None = None) -> FunctionTable:
    with Elf.open(str(path)) as elf:
        return FunctionTable(elf, str(path), store=store)


def named(functions: FunctionTable, name: str) -> list[str]:
    return [each.name for each in functions.find(functions.exact(name))]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return programs.build(tmp_path_factory.mktemp("functions"), "-rdynamic", "-Wl,--build-id=0x12345678")


@pytest.fixture(scope="module")
def cxx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cxx")
    (folder / "cart.cc").write_text(CXX)
    subprocess.run([programs.tool("g++"), "-O1", "-o", folder / "cart", folder / "cart.cc"], check=True)
    return folder / "cart"


def test_each_place_once_by_its_most_readable_name(program: Path) -> None:
    functions = table(program)
    assert named(functions, "__twin") == ["__twin"]
    found = functions.find(functions.matching(lambda name: "twin" in name, ["twin"]))
    assert [each.name for each in found] == ["twin"]
    assert found[0].size > 0 and functions.at(found[0].value + 1) is not None
    assert functions.at(found[0].value + 1).name == "twin"  # type: ignore[union-attr]
    assert functions.at(1) is None


@pytest.mark.parametrize(
    ("pattern", "words", "count"),
    [("shop::price(int)", ["shop", "price"], 1), ("shop::price", ["shop", "price"], 2), ("(int)", [], 2)],
)
def test_demangled_names(cxx: Path, pattern: str, words: list[str], count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("d2bpf.symbols.functions._MANY", 0 if not words else 10)
    store = Memory()
    for _ in range(2):
        functions = table(cxx, store)
        found = functions.find(functions.matching(lambda name: pattern in name, words))
        assert len(found) == count
        assert all(pattern in each.shown for each in found)
    assert len(store.kept) == (0 if words else 1)


def test_near_names(cxx: Path) -> None:
    assert "shop::price(int)" in table(cxx).near("shop::prise")


def strip(program: Path, folder: Path) -> tuple[Path, Path]:
    """A stripped copy of the program, and its debug file."""
    stripped, debug = folder / "stripped", folder / "program.debug"
    subprocess.run([programs.tool("objcopy"), "--only-keep-debug", program, debug], check=True)
    subprocess.run([programs.tool("objcopy"), "--strip-all", program, stripped], check=True)
    return stripped, debug


def test_stripped_it_has_its_dynamic_symbols(program: Path, tmp_path: Path) -> None:
    functions = table(strip(program, tmp_path)[0])
    assert (named(functions, "outer"), named(functions, "hidden")) == (["outer"], [])


def test_debug_link_and_build_id(program: Path, tmp_path: Path) -> None:
    stripped, debug = strip(program, tmp_path)
    subprocess.run([programs.tool("objcopy"), f"--add-gnu-debuglink={debug}", stripped], check=True)
    with Elf.open(str(stripped)) as elf:
        assert elf.build_id() == "12345678"
        link = elf.debug_link()
        assert link is not None and link[0] == "program.debug"
        assert looked_for(elf, str(stripped))[:2] == ["/usr/lib/debug/.build-id/12/345678.debug", f"{tmp_path}/program.debug"]
    assert named(table(stripped), "hidden") == ["hidden"]


def test_without_a_build_id_the_checksum_counts(tmp_path: Path) -> None:
    stripped, debug = strip(programs.build(tmp_path, "-Wl,--build-id=none"), tmp_path)
    subprocess.run([programs.tool("objcopy"), f"--add-gnu-debuglink={debug}", stripped], check=True)
    assert named(table(stripped), "hidden") == ["hidden"]
    debug.write_bytes(debug.read_bytes() + b"\0")
    assert named(table(stripped), "hidden") == []


def test_packed_symbols(program: Path, tmp_path: Path) -> None:
    stripped, debug = strip(program, tmp_path)
    for content, found in ((lzma.compress(debug.read_bytes()), ["hidden"]), (b"no xz", [])):
        (tmp_path / "packed").write_bytes(content)
        other = tmp_path / "packed.program"
        argv = [programs.tool("objcopy"), f"--add-section=.gnu_debugdata={tmp_path / 'packed'}", str(stripped), str(other)]
        subprocess.run(argv, check=True)
        assert named(table(other), "hidden") == found


@settings(max_examples=150)
@given(data=st.data())
def test_damage_is_an_error_or_harmless(program: Path, data: st.DataObject) -> None:
    """Bytes of the file changed anywhere, and its end cut off."""
    content = bytearray(program.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(
            st.one_of(st.integers(0, 64), st.integers(0, len(content) - 1), st.integers(len(content) - 2500, len(content) - 1))
        )
        content[at] = data.draw(st.integers(0, 255))
    del content[data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content)))) :]
    try:
        elf = Elf.of_bytes(bytes(content))
        elf.build_id(), elf.debug_link(), symbol_tables(elf)
        functions = FunctionTable(elf)
        functions.find(range(len(functions)))
        functions.at(0x1000)
    except ElfError:
        return
