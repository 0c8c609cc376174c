"""stack(): kernel stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...ir.values import Frames
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...dtypes import DType
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    if args and (constants[0] is None or constants[0] <= 0):
        report("D_STACK_SIZE", "stack( ) argument #1 must be a non-zero positive integer constant", 0)


def lower(b: Any, call: ast.Call) -> Frames | None:
    return b.frames(call, user=False)  # type: ignore[no-any-return]


ACTION = Action(
    name="stack",
    prototype="stack stack([uint32_t])",
    doc="kernel stack",
    result="stack",
    check=_check,
    lower=lower,
)
