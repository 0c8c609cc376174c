"""trunc(): removes keys of an aggregation: all, or all but the highest or lowest n."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    assert isinstance(call.args[0], ast.AggRef)
    fields = [b.put_field(b.expr(a)) for a in call.args[1:]]
    b.act("trunc", fields, aggs=[call.args[0].name])


ACTION = Action(
    name="trunc",
    prototype="void trunc(@, [int64_t])",
    doc="removes keys of an aggregation: all, or all but the highest or lowest n",
    aggregates=True,
    lower=lower,
)
