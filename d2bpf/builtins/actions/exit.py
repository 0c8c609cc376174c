"""exit(): stops tracing; the argument becomes the exit status."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir import ops
from ...ir.values import Word
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    status = b.pin(b.to_word(b.convert(b.expr(call.args[0]), INT)), "status")
    b.act("exit", [b.put_field(Word(INT, status))])
    b.record().wake = True
    b.emit(ops.Exit(status))


ACTION = Action(
    name="exit",
    prototype="void exit(int)",
    doc="stops tracing; the argument becomes the exit status",
    lower=lower,
)
