"""copyoutstr(): writes a string to user memory."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> None:
    b.destructive("copyoutstr")
    place, length = b.own_text(b.string(call.args[0]))
    target, most = b.word(call.args[1]), b.word(call.args[2])
    b.do("copyoutstr", "copy_out_text", ops.Address(place), length, target, most)


SUBROUTINE = Subroutine(
    name="copyoutstr",
    prototype="void copyoutstr(char *, uintptr_t, size_t)",
    doc="writes a string to user memory",
    destructive=True,
    lower=lower,
)
