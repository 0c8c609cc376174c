"""toupper(): a string in upper case (ASCII)."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    place, _ = b.own_text(b.string(call.args[0]))
    b.do("_case", "change_case", ops.Address(place), Const(ord("a")))
    return b.text_in(call, place)  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="toupper",
    prototype="string toupper(const char *)",
    doc="a string in upper case (ASCII)",
    platforms="SF",
    capacity=lambda caps, strsize: caps[0],
    lower=lower,
)
