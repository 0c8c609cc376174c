"""ustack(): user stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...ir.values import Frames
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...dtypes import DType
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    check_user_stack("ustack", args, constants, report)


def check_user_stack(name: str, args: Sequence[ast.Expr], constants: Sequence[int | None], report: Report) -> None:
    """The arguments of ustack() and jstack(): frames, bytes for names of interpreted frames."""
    if args and (constants[0] is None or constants[0] <= 0):
        report("D_USTACK_FRAMES", f"{name}( ) argument #1 must be a non-zero positive integer constant", 0)
    if len(args) > 1 and (constants[1] is None or constants[1] < 0):
        report("D_USTACK_STRSIZE", f"{name}( ) argument #2 must be a positive integer constant", 1)


def lower(b: Any, call: ast.Call) -> Frames | None:
    return b.frames(call, user=True)  # type: ignore[no-any-return]


ACTION = Action(
    name="ustack",
    prototype="stack ustack([uint32_t], [uint32_t])",
    doc="user stack",
    result="stack",
    check=_check,
    lower=lower,
)
