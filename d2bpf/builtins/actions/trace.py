"""trace(): records a value and prints it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...dtypes import DType, Dynamic, Translated, Void, strip
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    t = strip(types[0])
    if isinstance(t, Void):
        report("D_TRACE_VOID", "trace( ) may not be applied to a void expression", 0)
    if isinstance(t, (Dynamic, Translated)):
        report("D_TRACE_DYN", "trace( ) may not be applied to a dynamic expression", 0)


ACTION = Action(
    name="trace",
    prototype="void trace(@)",
    doc="records a value and prints it",
    check=_check,
)
