"""substr(): part of a string; negative positions count from its end."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

TO_THE_END = (1 << 63) - 1  # a count


def lower(b: Any, call: ast.Call) -> Text:
    place, length = b.own_text(b.string(call.args[0]))
    index = b.word(call.args[1])
    count = b.word(call.args[2]) if len(call.args) > 2 else Const(TO_THE_END)
    return b.text_at(call, b.ask("substr", "str_part", b.work, ops.Address(place), length, index, count))  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="substr",
    prototype="string substr(const char *, int, [int])",
    doc="part of a string; negative positions count from its end",
    capacity=lambda caps, strsize: caps[0],
    lower=lower,
)
