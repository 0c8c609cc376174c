"""copyout(): writes user memory."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> None:
    """What is to be written passes through scratch memory, because only from there a program may write to user space."""
    b.destructive("copyout")
    source, target = b.pin(b.word(call.args[0]), "source"), b.pin(b.word(call.args[1]), "target")
    size = b.pin(b.word(call.args[2]), "size")
    _, offset = b.allocate(size)
    b.fill(offset, size, source, user=False)
    b.do("copyout", "copy_out", ops.Symbol("s"), offset, size, target)


SUBROUTINE = Subroutine(
    name="copyout",
    prototype="void copyout(void *, uintptr_t, size_t)",
    doc="writes user memory",
    destructive=True,
    lower=lower,
)
