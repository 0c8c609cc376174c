"""memref(): address and size for printm()."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine

PAIR = 16  # bytes: the address, then the size


def lower(b: Any, call: ast.Call) -> Value:
    address, size = b.pin(b.word(call.args[0]), "address"), b.pin(b.word(call.args[1]), "size")
    pair, _ = b.allocate(Const(PAIR))
    b.store_alloca(pair, address, 8)
    b.store_alloca(Bin("+", pair, Const(8)), size, 8)
    return Word(b.type(call), pair)


SUBROUTINE = Subroutine(
    name="memref",
    prototype="uintptr_t *memref(void *, size_t)",
    doc="address and size for printm()",
    platforms="F",
    lower=lower,
)
