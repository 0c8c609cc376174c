"""copyin(): user memory copied to scratch memory; gives its address."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    source, size = b.pin(b.word(call.args[0]), "source"), b.pin(b.word(call.args[1]), "size")
    address, offset = b.allocate(size)
    b.fill(offset, size, source, user=True)
    return Word(b.type(call), address)


SUBROUTINE = Subroutine(
    name="copyin",
    prototype="void *copyin(uintptr_t, size_t)",
    doc="user memory copied to scratch memory; gives its address",
    lower=lower,
)
