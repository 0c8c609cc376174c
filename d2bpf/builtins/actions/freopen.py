"""freopen(): sends the output that follows to another file."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    fields = b.put_fields(call.args[1:])
    b.act("freopen", fields, format=b.format(call.args[0]))


ACTION = Action(
    name="freopen",
    prototype="void freopen(string, ...)",
    doc="sends the output that follows to another file",
    formatted=0,
    destructive=True,
    lower=lower,
)
