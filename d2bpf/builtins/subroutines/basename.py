"""basename(): last component of a path."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    place, _ = b.own_text(b.string(call.args[0]))
    return b.text_at(call, b.ask("_components", "base_name", b.work, ops.Address(place)))  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="basename",
    prototype="string basename(const char *)",
    doc="last component of a path",
    capacity=lambda caps, strsize: max(caps[0], 2),
    lower=lower,
)
