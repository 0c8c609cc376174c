"""bcopy(): copies kernel or scratch memory to scratch memory."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> None:
    source, target = b.pin(b.word(call.args[0]), "source"), b.pin(b.word(call.args[1]), "target")
    size = b.pin(b.word(call.args[2]), "size")
    b.fill(b.area_offset(target, size), size, source, user=False)


SUBROUTINE = Subroutine(
    name="bcopy",
    prototype="void bcopy(void *, void *, size_t)",
    scratch=(1,),
    doc="copies kernel or scratch memory to scratch memory",
    lower=lower,
)
