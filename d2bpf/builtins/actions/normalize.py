"""normalize(): divides the values of an aggregation by a number when they are printed."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    assert isinstance(call.args[0], ast.AggRef)
    fields = [b.put_field(b.expr(a)) for a in call.args[1:]]
    b.act("normalize", fields, aggs=[call.args[0].name])


ACTION = Action(
    name="normalize",
    prototype="void normalize(@, uint64_t)",
    doc="divides the values of an aggregation by a number when they are printed",
    aggregates=True,
    lower=lower,
)
