"""Where instructions begin, and which of them leave a function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.symbols.instructions import boundaries, exits

X86, ARM64 = 62, 183


@pytest.fixture(autouse=True)
def _disassembler() -> None:
    if boundaries(b"\x90", X86) is None:
        pytest.skip("no libbcc with an LLVM to ask")


def test_boundaries() -> None:
    code = bytes.fromhex("f30f1efa 55 4889e5 4883ec10 c9 c3")
    assert boundaries(code, X86) == [0, 4, 5, 8, 12, 13]
    assert boundaries(bytes.fromhex("1f2003d5 c0035fd6"), ARM64) == [0, 4]


def test_they_end_at_what_is_no_instruction_and_at_one_cut_off() -> None:
    assert boundaries(bytes.fromhex("90 06 90"), X86) == [0]
    assert boundaries(bytes.fromhex("90 e8 00"), X86) == [0]


def test_unknown_machine() -> None:
    assert boundaries(b"\x90", 8) is None
    assert exits(b"\x90", 8) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("90 c3", [(1, None)]),
        ("f3c3", [(0, None)]),
        ("c20800", [(0, None)]),
        ("e9 00010000", [(0, 261)]),
        ("eb fe", []),  # to itself
        ("eb 80", [(0, -126)]),
        ("75 10 c3", [(2, None)]),  # a conditional jump fires also where it is not taken
        ("0f85 00010000 c3", [(6, None)]),
        ("ffe0", []),  # to where a register says
    ],
)
def test_exits_of_x86(code: str, expected: list[tuple[int, int | None]]) -> None:
    assert exits(bytes.fromhex(code), X86) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("c0035fd6", [(0, None)]),
        ("ff0b5fd6", [(0, None)]),  # retaa
        ("02000014", [(0, 8)]),
        ("1f2003d5 ffffff17", []),  # back to the first
        ("ffffff17", [(0, -4)]),
        ("01000094", []),  # a call
    ],
)
def test_exits_of_arm64(code: str, expected: list[tuple[int, int | None]]) -> None:
    assert exits(bytes.fromhex(code), ARM64) == expected


@given(st.binary(max_size=64), st.sampled_from([X86, ARM64]))
def test_any_bytes(code: bytes, machine: int) -> None:
    known = boundaries(code, machine)
    assert known is not None
    assert known == sorted(set(known)) and all(0 <= at < len(code) for at in known)
    left = exits(code, machine)
    assert left is not None and {at for at, _ in left} <= set(known)
