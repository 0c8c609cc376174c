"""Kernel symbols: from a kallsyms file of our own, and this machine's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.symbols import kernel
from d2bpf.symbols.kernel import KernelSymbols

LINES = """\
0000000000000000 A fixed_percpu_data
0000000000001000 A cpu_debug_store
ffffffff81000000 T _stext
ffffffff81000000 T _text
ffffffff81000100 t do_one_initcall
ffffffff81000200 W weak_thing
ffffffff81000300 D jiffies
ffffffff81000400 T vfs_read
ffffffffc0300000 t nfs_open\t[nfs]
ffffffffc0300080 t nfs_read\t[nfs]
ffffffffc0100000 t ext4_open\t[ext4]
ffffffffc0300040 t vfs_read\t[nfs]
ffffffffc0500000 t bpf_prog_6deef7357e7b4530_hello\t[bpf]
ffffffffc0500100 t bpf_trampoline_6442493218\t[bpf]
ffffffffc0500200 t ftrace_trampoline\t[__builtin__ftrace]
"""


@pytest.fixture
def symbols(tmp_path: Path) -> KernelSymbols:
    path = tmp_path / "kallsyms"
    path.write_text(LINES)
    return KernelSymbols(str(path))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (0xFFFFFFFF81000000, ("vmlinux", "_stext", 0)),
        (0xFFFFFFFF810000FF, ("vmlinux", "_stext", 0xFF)),
        (0xFFFFFFFF81000100, ("vmlinux", "do_one_initcall", 0)),
        (0xFFFFFFFF81000210, ("vmlinux", "weak_thing", 0x10)),
        (0xFFFFFFFF81000304, ("vmlinux", "jiffies", 4)),
        (0xFFFFFFFF81000400 + kernel.FARTHEST - 1, ("vmlinux", "vfs_read", kernel.FARTHEST - 1)),
        (0xFFFFFFFF81000400 + kernel.FARTHEST, None),
        (0xFFFFFFFF80FFFFFF, None),
        (0xFFFFFFFFC0100010, ("ext4", "ext4_open", 0x10)),
        (0xFFFFFFFFC030003F, ("nfs", "nfs_open", 0x3F)),
        (0xFFFFFFFFC0300041, ("nfs", "vfs_read", 1)),
        (0xFFFFFFFFC0300080, ("nfs", "nfs_read", 0)),
        (0xFFFFFFFFC0500001, ("bpf", "bpf_prog_6deef7357e7b4530_hello", 1)),
        (0xFFFFFFFFC0500101, None),
        (0xFFFFFFFFC0500201, None),
        (0, None),
        (0x1008, ("vmlinux", "cpu_debug_store", 8)),
        ((1 << 64) - 1, None),
    ],
)
def test_resolve(symbols: KernelSymbols, address: int, place: object) -> None:
    assert symbols.resolve(address) == place


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("vfs_read", 0xFFFFFFFF81000400),
        ("jiffies", 0xFFFFFFFF81000300),
        ("nfs_read", 0xFFFFFFFFC0300080),
        ("_text", 0xFFFFFFFF81000000),
        ("read", None),
        ("vfs", None),
        ("", None),
        ("fixed_percpu_data", None),
    ],
)
def test_address(symbols: KernelSymbols, name: str, address: int | None) -> None:
    assert symbols.address(name) == address


def test_addresses_that_are_withheld(tmp_path: Path) -> None:
    """What a process without privilege reads: every address is zero."""
    path = tmp_path / "kallsyms"
    path.write_text("".join("0" * 16 + line[16:] + "\n" for line in LINES.splitlines()))
    symbols = KernelSymbols(str(path))
    assert symbols.resolve(0xFFFFFFFF81000100) is None
    assert symbols.resolve(0) is None
    assert symbols.address("vfs_read") is None


@pytest.mark.parametrize("text", ["", LINES.splitlines()[10] + "\n", LINES.splitlines()[6] + "\n"])
def test_short_files(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kallsyms"
    path.write_text(text)
    symbols = KernelSymbols(str(path))
    assert symbols.resolve(0x1000) is None
    if text:
        words = text.split()
        assert symbols.resolve(int(words[0], 16) + 1) == (words[3].strip("[]") if words[3:] else "vmlinux", words[2], 1)


@settings(deadline=None)
@given(st.lists(st.integers(1, 1 << 24), unique=True, min_size=1), st.lists(st.integers(0, 1 << 24)))
def test_search_in_text_is_the_search_in_a_list(starts: list[int], asked: list[int]) -> None:
    starts.sort()
    symbols = KernelSymbols()
    symbols._text = b"".join(b"%016x t f%x\n" % (start, start) for start in starts)
    for address in [*asked, *starts]:
        below = [start for start in starts if start <= address < start + kernel.FARTHEST]
        expected = ("vmlinux", f"f{below[-1]:x}", address - below[-1]) if below else None
        assert symbols.resolve(address) == expected


def test_every_symbol_of_this_kernel() -> None:
    try:
        lines = Path(kernel.KALLSYMS).read_text().splitlines()
    except OSError as error:
        pytest.skip(str(error))
    if lines[-1].startswith("0" * 16):
        pytest.skip("kernel addresses are withheld from this user")
    symbols = KernelSymbols()
    first: dict[int, str] = {}
    for line in lines:
        address, _, name, *module = line.split()
        if not module:
            first.setdefault(int(address, 16), name)
    sample = sorted(first)[:: max(1, len(first) // 2000)]
    assert [symbols.resolve(address) for address in sample if address] == [
        ("vmlinux", first[address], 0) for address in sample if address
    ]
