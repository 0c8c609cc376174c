"""ftruncate(): empties the output file."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.act("ftruncate")


ACTION = Action(
    name="ftruncate",
    prototype="void ftruncate()",
    doc="empties the output file",
    lower=lower,
)
