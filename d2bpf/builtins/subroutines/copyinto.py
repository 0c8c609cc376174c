"""copyinto(): copies user memory into scratch memory."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> None:
    source, size = b.pin(b.word(call.args[0]), "source"), b.pin(b.word(call.args[1]), "size")
    b.fill(b.area_offset(b.word(call.args[2]), size), size, source, user=True)


SUBROUTINE = Subroutine(
    name="copyinto",
    prototype="void copyinto(uintptr_t, size_t, void *)",
    scratch=(2,),
    doc="copies user memory into scratch memory",
    lower=lower,
)
