"""copyinstr(): string from user memory."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    """The string is read where it is used, straight to where it is needed."""
    t = b.result_type(call)
    source = b.pin(b.word(call.args[0]), "source")
    if len(call.args) == 1:
        return Text(t, "user", t.capacity, address=source)
    most = b.pin(b.word(call.args[1]), "most")
    if isinstance(most, Const):
        wanted = most.value if most.value >= 0 else t.capacity
        return Text(t, "user", min(wanted + 1, t.capacity), address=source)
    place, length = b.own_text(Text(t, "user", t.capacity, address=source))
    b.do("copyinstr", "cut", ops.Address(place), length, most)
    return b.text_in(call, place)  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="copyinstr",
    prototype="string copyinstr(uintptr_t, [size_t])",
    doc="string from user memory",
    lower=lower,
)
