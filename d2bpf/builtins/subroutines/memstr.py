"""memstr(): kernel memory as a string, each NUL in it replaced by a character."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Bin, Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

MOST = 4096  # kern.dtrace.memstr_max of FreeBSD


def lower(b: Any, call: ast.Call) -> Text:
    source, character = b.pin(b.word(call.args[0]), "source"), b.pin(b.word(call.args[1]), "character")
    size = b.pin(b.word(call.args[2]), "size")
    b.fault_if(Bin("<u", Const(MOST), size), "ILLOP")
    place = b.window()
    with b.when(size):
        length = Bin("-", size, Const(1))
        b.must(b.helpers("memstr"), "memory_text", ops.Address(place), source, length, character, value=source)
    return b.text_at(call, Bin("*", b.plain(place), b.helper("nonzero", size)))  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="memstr",
    prototype="string memstr(void *, char, size_t)",
    doc="kernel memory as a string, each NUL in it replaced by a character",
    platforms="F",
    lower=lower,
)
