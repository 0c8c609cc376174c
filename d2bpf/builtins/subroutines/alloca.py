"""alloca(): scratch memory for the rest of the clause, zeroed."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    constant = b.checked.constants.get(call.args[0], 0)
    if constant > b.area_size():
        raise b.refuse(f"alloca( ) of {constant} bytes is more than the scratch space: {b.area_size()} bytes", "D_ALLOCA_SIZE")
    size = b.pin(b.word(call.args[0]), "size")
    address, offset = b.allocate(size)
    b.clear_alloca(offset, size)
    return Word(b.type(call), address)


SUBROUTINE = Subroutine(
    name="alloca",
    prototype="void *alloca(size_t)",
    doc="scratch memory for the rest of the clause, zeroed",
    lower=lower,
)
