"""dirname(): a path without its last component."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    place, _ = b.own_text(b.string(call.args[0]))
    b.do("_components", "dir_name", b.work, ops.Address(place))
    return b.text_in(call, place)  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="dirname",
    prototype="string dirname(const char *)",
    doc="a path without its last component",
    capacity=lambda caps, strsize: max(caps[0], 2),
    lower=lower,
)
