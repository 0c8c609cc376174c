"""printa(): prints aggregations, by a format or in the default layout."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    args = list(call.args)
    text = None if isinstance(args[0], ast.AggRef) else b.format(args.pop(0))
    b.act("printa", format=text, aggs=[a.name for a in args if isinstance(a, ast.AggRef)])


ACTION = Action(
    name="printa",
    prototype="void printa(@, ...)",
    doc="prints aggregations, by a format or in the default layout",
    aggregates=True,
    lower=lower,
)
