"""denormalize(): ends the effect of normalize()."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    assert isinstance(call.args[0], ast.AggRef)
    b.act("denormalize", aggs=[call.args[0].name])


ACTION = Action(
    name="denormalize",
    prototype="void denormalize(@)",
    doc="ends the effect of normalize()",
    aggregates=True,
    lower=lower,
)
