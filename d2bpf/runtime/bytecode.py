"""BPF instructions, as far as their order matters to older verifiers."""

from __future__ import annotations

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_LD_IMM64 = 0x18  # takes two slots
_JMP, _JMP32 = 0x05, 0x06  # instruction classes: lowest three bits of the operation
_JA, _CALL, _EXIT = 0x00, 0x80, 0x90  # of the highest four
_GOTO_NEXT = struct.pack("=BBhi", _JMP | _JA, 0, 0, 0)


def with_loops_by_jump(code: bytes) -> bytes:
    """The program with a jump (to the next instruction) put wherever a loop is closed by falling through.

    Verifiers before Linux 6.8 take a loop only if a jump closes it, but LLVM may lay out a loop so that its last block falls
    into its first. Whether an edge closes a loop depends on the order in which the verifier's check_cfg() walks: what follows
    an instruction first, then where it jumps."""
    slots = [struct.unpack_from("=BBhi", code, at) for at in range(0, len(code), 8)]
    jumps = dict(_jumps(slots))
    if all(target > at for at, target in jumps.items()):
        return code  # no loops
    closing = sorted(_falling_back_edges(slots, jumps))
    return _insert(code, jumps, closing) if closing else code


def _jumps(slots: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """(index, target) of the instructions that jump within the program."""
    skip = False
    for at, (operation, _, offset, immediate) in enumerate(slots):
        kind = operation & 0xF0
        if skip:
            skip = False
        elif operation == _LD_IMM64:
            skip = True
        elif operation == _JMP32 | _JA:
            yield at, at + 1 + immediate
        elif operation & 7 in (_JMP, _JMP32) and kind not in (_CALL, _EXIT):
            yield at, at + 1 + offset


def _falling_back_edges(slots: list[tuple[int, int, int, int]], jumps: dict[int, int]) -> set[int]:
    """Indices of instructions that are reached, by no jump, from within a loop that begins with them."""

    def following(at: int) -> list[int]:
        operation = slots[at][0]
        if operation == _JMP | _EXIT:
            return []
        if operation in (_JMP | _JA, _JMP32 | _JA):
            return [jumps[at]]
        step = 2 if operation == _LD_IMM64 else 1
        return [at + step, jumps[at]] if at in jumps else [at + step]

    found = set()
    waiting = {0: following(0)[::-1]}  # instructions on the way from the start, in order, and what is left to be tried of each
    seen = {0}
    while waiting:
        at, left = waiting.popitem()
        if not left:
            continue
        waiting[at] = left
        after = left.pop()
        if after in waiting and at not in jumps:
            found.add(after)
        if after not in seen and after < len(slots):
            seen.add(after)
            waiting[after] = following(after)[::-1]
    return found


def _insert(code: bytes, jumps: dict[int, int], before: list[int]) -> bytes:
    """The program with a jump to the next instruction before each of the given ones; other jumps lead past it."""
    moved = []  # new index by old index
    shift = 0
    places = set(before)
    for at in range(len(code) // 8 + 1):
        shift += at in places
        moved.append(at + shift)
    parts = []
    for at in range(len(code) // 8):
        if at in places:
            parts.append(_GOTO_NEXT)
        operation, registers, offset, immediate = struct.unpack_from("=BBhi", code, 8 * at)
        if at in jumps:
            distance = moved[jumps[at]] - moved[at] - 1
            if operation == _JMP32 | _JA:
                immediate = distance
            else:
                offset = distance
        parts.append(struct.pack("=BBhi", operation, registers, offset, immediate))
    return b"".join(parts)
