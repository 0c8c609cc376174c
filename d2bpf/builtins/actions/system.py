"""system(): runs a shell command."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    fields = b.put_fields(call.args[1:])
    b.act("system", fields, format=b.format(call.args[0]))


ACTION = Action(
    name="system",
    prototype="void system(string, ...)",
    doc="runs a shell command",
    formatted=0,
    destructive=True,
    lower=lower,
)
