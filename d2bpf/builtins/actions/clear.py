"""clear(): sets the values of an aggregation to zero and keeps its keys."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    assert isinstance(call.args[0], ast.AggRef)
    b.act("clear", aggs=[call.args[0].name])


ACTION = Action(
    name="clear",
    prototype="void clear(@)",
    doc="sets the values of an aggregation to zero and keeps its keys",
    aggregates=True,
    lower=lower,
)
