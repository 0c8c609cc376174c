"""exit(): stops tracing; the argument becomes the exit status."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir import ops
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.act("exit", [b.put_field(b.convert(b.expr(call.args[0]), INT))])
    b.record().wake = True
    b.emit(ops.Exit())


ACTION = Action(
    name="exit",
    prototype="void exit(int)",
    doc="stops tracing; the argument becomes the exit status",
    lower=lower,
)
