"""print(): prints a value by its type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...dtypes import DType, Dynamic, Ptr, Void, strip
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    t = strip(types[0])
    if isinstance(t, Void):
        report("D_PROTO_ARG", "print( ) may not be applied to a void expression", 0)
    if isinstance(t, Dynamic):
        report("D_PROTO_ARG", "print( ) may not be applied to a dynamic expression", 0)
    if isinstance(t, Ptr) and strip(t.to).size == 0:
        message = f"print( ) argument #1 reference has type '{t.to}' with size 0; cannot print( ) it."
        report("D_PRINT_SIZE", message, 0)


ACTION = Action(
    name="print",
    prototype="void print(@)",
    doc="prints a value by its type",
    check=_check,
)
