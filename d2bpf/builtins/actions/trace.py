"""trace(): records a value and prints it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...dtypes import DType, Dynamic, Translated, Void, is_pointer, strip
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    t = strip(types[0])
    if isinstance(t, Void):
        report("D_TRACE_VOID", "trace( ) may not be applied to a void expression", 0)
    if isinstance(t, (Dynamic, Translated)):
        report("D_TRACE_DYN", "trace( ) may not be applied to a dynamic expression", 0)


def lower(b: Any, call: ast.Call) -> None:
    value = b.recorded(call.args[0])
    b.act("trace", [b.put_field(value)], ptr=is_pointer(value.type))


ACTION = Action(
    name="trace",
    prototype="void trace(@)",
    doc="records a value and prints it",
    check=_check,
    lower=lower,
)
