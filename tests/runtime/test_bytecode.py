"""Loops that fall through get a jump; everything else stays as it is."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from d2bpf.runtime.bytecode import with_loops_by_jump

MOVE, EXIT, GOTO, IF, IMM64, REST = 0xB7, 0x95, 0x05, 0x15, 0x18, 0x00


def program(*instructions: tuple[int, int] | tuple[int, int, int]) -> bytes:
    """(operation, offset, immediate)"""
    return b"".join(struct.pack("=BBhi", i[0], 0, i[1], i[2] if len(i) > 2 else 0) for i in instructions)


def test_no_loop() -> None:
    code = program((MOVE, 0), (IF, 1), (MOVE, 0), (EXIT, 0))
    assert with_loops_by_jump(code) == code


def test_loop_that_a_jump_closes() -> None:
    code = program((MOVE, 0), (MOVE, 0), (IF, -2), (EXIT, 0))
    assert with_loops_by_jump(code) == code
    code = program((MOVE, 0), (IF, 2), (MOVE, 0), (GOTO, -3), (EXIT, 0))
    assert with_loops_by_jump(code) == code


def test_loop_that_falls_into_its_first_block() -> None:
    code = program((GOTO, 2), (MOVE, 0, 7), (MOVE, 0, 8), (MOVE, 0, 9), (IF, -4), (EXIT, 0))
    assert with_loops_by_jump(code) == program(
        *((GOTO, 3), (MOVE, 0, 7), (MOVE, 0, 8), (GOTO, 0), (MOVE, 0, 9), (IF, -5), (EXIT, 0))
    )


def test_second_half_of_a_64_bit_constant_is_no_instruction() -> None:
    code = program((GOTO, 2), (IMM64, 0, 5), (REST, 0, 6), (MOVE, 0, 9), (IF, -4), (EXIT, 0))
    assert with_loops_by_jump(code) == program(
        *((GOTO, 3), (IMM64, 0, 5), (REST, 0, 6), (GOTO, 0), (MOVE, 0, 9), (IF, -5), (EXIT, 0))
    )


def refused(code: bytes) -> bool:
    """Whether check_cfg() of Linux 6.1 finds a back edge that is no jump."""
    slots = [struct.unpack_from("=BBhi", code, at) for at in range(0, len(code), 8)]
    state: dict[int, str] = {}

    def visit(at: int) -> bool:
        state[at] = "on the way"
        operation, _, offset, _ = slots[at]
        edges = {EXIT: [], GOTO: [at + 1 + offset], IF: [at + 1, at + 1 + offset]}.get(operation, [at + 1])
        for to in edges:
            if to not in state:
                if visit(to):
                    return True
            elif state[to] == "on the way" and operation not in (GOTO, IF):
                return True
        state[at] = "done"
        return False

    return visit(0)


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    size = draw(st.integers(2, 14))
    instructions: list[tuple[int, int, int]] = []
    for at in range(size):
        operation = draw(st.sampled_from([MOVE, MOVE, IF, GOTO]))
        offset = draw(st.integers(-at - 1, size - at - 1)) if operation != MOVE else 0
        instructions.append((operation, offset, at))
    return program(*instructions, (EXIT, 0))


def trace(code: bytes, choices: list[bool]) -> list[int]:
    """The numbers of the moves a program makes when its conditions go as given."""
    slots = [struct.unpack_from("=BBhi", code, at) for at in range(0, len(code), 8)]
    at, made, left = 0, list[int](), list(choices)
    for _ in range(200):
        operation, _, offset, number = slots[at]
        if operation == EXIT or (operation == IF and not left):
            break
        if operation == MOVE:
            made.append(number)
        at += 1 + offset if operation == GOTO or (operation == IF and left.pop()) else 1
    return made[:40]


@given(programs(), st.lists(st.booleans(), max_size=12))
def test_any_program(code: bytes, choices: list[bool]) -> None:
    changed = with_loops_by_jump(code)
    assert not refused(changed)
    assert trace(changed, choices) == trace(code, choices)
    if not refused(code):
        assert changed == code
