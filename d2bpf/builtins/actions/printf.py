"""printf(): prints its arguments by a format."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    fields = b.put_fields(call.args[1:])
    b.act("printf", fields, format=b.format(call.args[0]))


ACTION = Action(
    name="printf",
    prototype="void printf(string, ...)",
    doc="prints its arguments by a format",
    formatted=0,
    lower=lower,
)
