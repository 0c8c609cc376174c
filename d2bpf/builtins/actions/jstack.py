"""jstack(): user stack with the frames of interpreted languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...ir.values import Frames
from ..spec import Action, Report
from .ustack import check_user_stack

if TYPE_CHECKING:
    from ...dtypes import DType
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    check_user_stack("jstack", args, constants, report)


def lower(b: Any, call: ast.Call) -> Frames | None:
    return b.frames(call, user=True)  # type: ignore[no-any-return]


ACTION = Action(
    name="jstack",
    prototype="stack jstack([uint32_t], [uint32_t])",
    doc="user stack with the frames of interpreted languages",
    platforms="SFM",
    result="stack",
    check=_check,
    fidelity="approximate",
    note="the same as ustack(); interpreted frames show where the runtime keeps a perf map",
    lower=lower,
)
