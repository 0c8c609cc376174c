"""What the six byte order functions share: this machine's order is little-endian, the network's is not."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const
from ...ir.values import Value, Word
from ...syntax import ast


def swapped(b: Any, call: ast.Call, size: int) -> Value:
    """The lowest `size` bytes of the argument in the opposite order."""
    number = b.word(call.args[0])
    if isinstance(number, Const):
        low = number.value & (1 << 8 * size) - 1
        return Word(b.type(call), Const(int.from_bytes(low.to_bytes(size, "little"), "big")))
    return Word(b.type(call), ops.Call(f"__builtin_bswap{8 * size}", (number,)))
