"""Attaching to kernel functions: where they are, and programs that are told their number when they are loaded."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from d2bpf.runtime import attach, bpf, functions
from d2bpf.runtime.attach import Attachments
from d2bpf.runtime.errors import Failure
from d2bpf.runtime.load import Program

SYMBOLS = """\
ffffffff81000000 T vfs_read
ffffffff81000100 t show
ffffffff81000200 t show
ffffffff81000300 D show
ffffffff81000400 t vfs_read.cold
ffffffffc0000000 t vfs_read\t[other]
"""
CALL = struct.pack("=BBhi", 0x85, 0, 0, 174)
MOVE = struct.pack("=BBhi", 0xB7, 0, 0, 7)
OTHER = struct.pack("=BBhi", 0x85, 0, 0, 5)
WIDE = struct.pack("=BBhi", 0x18, 1, 0, 1)


@pytest.fixture
def symbols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kallsyms"
    path.write_text(SYMBOLS)
    monkeypatch.setattr(functions, "KALLSYMS", str(path))
    return path


def test_addresses(symbols: Path) -> None:
    assert functions.addresses(["vfs_read", "other:vfs_read", "show", "gone"], False) == {
        "vfs_read": [0xFFFFFFFF81000000],
        "other:vfs_read": [0xFFFFFFFFC0000000],
        "show": [0xFFFFFFFF81000100, 0xFFFFFFFF81000200],
    }


def test_of_functions_of_one_name_those_that_can_be_traced(symbols: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_traceable", lambda: frozenset([0xFFFFFFFF81000204]))
    assert functions.addresses(["vfs_read", "show"], True) == {
        "vfs_read": [0xFFFFFFFF81000000],
        "show": [0xFFFFFFFF81000200],
    }


def test_addresses_that_are_withheld(symbols: Path) -> None:
    symbols.write_text("0000000000000000 T vfs_read\n")
    with pytest.raises(Failure, match=r"withholds the addresses of its functions"):
        functions.addresses(["vfs_read"], False)


def test_a_cookie_in_place_of_the_call(symbols: Path) -> None:
    assert functions.with_cookie(OTHER + CALL + OTHER, 7) == OTHER + MOVE + OTHER
    assert functions.with_cookie(WIDE + CALL + CALL, 7) == WIDE + CALL + MOVE  # the second half of a wide load is no instruction
    assert functions.with_cookie(OTHER, 7) == OTHER


def program(attach_type: int) -> Program:
    return Program("handler", -1, "kprobe", attach_type, b"")


def where(names: list[str]) -> dict[str, object]:
    return {"kind": "kprobe", "handler": "handler", "functions": names, "cookies": list(range(len(names))), "ret": False}


def test_more_functions_than_can_be_had_one_by_one() -> None:
    with pytest.raises(Failure, match=r"1001 functions are asked for, but this kernel takes them one by one, 1000 at most"):
        functions.attach(Attachments(), where([f"f{i}" for i in range(1001)]), program(0))


def test_functions_that_the_kernel_refuses_are_left_out(symbols: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linked: list[tuple[list[int], list[int]]] = []

    def link(fd: int, addresses: list[int], cookies: list[int], on_return: bool) -> int:
        if 0xFFFFFFFF81000100 in addresses:
            raise bpf.BpfError(22, "attach")
        linked.append((addresses, cookies))
        return 100 + len(linked)

    monkeypatch.setattr(bpf, "kprobe_multi_link", link)
    monkeypatch.setattr(functions, "_traceable", frozenset)
    attachments = Attachments()
    functions.attach(attachments, where(["vfs_read", "show", "gone", "other:vfs_read"]), program(bpf.ATTACH_KPROBE_MULTI))
    assert linked == [([0xFFFFFFFF81000000], [0]), ([0xFFFFFFFF81000200, 0xFFFFFFFFC0000000], [1, 3])]
    assert attachments.functions == [101, 102]
    assert attachments.skipped == ["gone", "show"]


def test_none_left(symbols: Path) -> None:
    with pytest.raises(Failure, match=r"the kernel does not let gone, lost be probed"):
        functions.attach(Attachments(), where(["gone", "lost"]), program(bpf.ATTACH_KPROBE_MULTI))


def test_functions_that_may_be_refused_get_links_of_their_own() -> None:
    def link(numbers: Sequence[int]) -> int:
        if 4 in numbers:
            raise bpf.BpfError(bpf.ENOTSUPP, "attach")
        return 100 + len(numbers)

    assert functions.by_links([[0, 1, 2], [3], [4], []], link) == ([101, 103], [4])


def test_links_are_closed_where_the_kernel_refuses_for_another_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    monkeypatch.setattr("os.close", closed.append)

    def link(numbers: Sequence[int]) -> int:
        if 0 in numbers:
            raise bpf.BpfError(12, "attach")
        return 100

    with pytest.raises(bpf.BpfError):
        functions.by_links([[0], [1]], link)
    assert closed == [100]


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="about instructions of x86-64")
def test_instructions_that_the_kernel_takes_for_others_are_not_probed(tmp_path: Path) -> None:
    push, vpbroadcastb, fs_vmovd, lock_dec = b"\x55", bytes.fromhex("62e27d487ac6"), bytes.fromhex("64c5f96ec6"), b"\xf0\xff\x0f"
    code = tmp_path / "code"
    code.write_bytes(b"".join(part.ljust(16, b"\x90") for part in (push, vpbroadcastb, fs_vmovd, lock_dec, push)))
    assert attach._groups(str(code), [0, 16, 32, 48, 64]) == ([[0, 4], [3]], [1, 2])
