"""__gauge(): what user space reads of /proc; for provider libraries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dtypes import DType
from ...ir.ops import Const
from ...ir.values import Value, Word
from ...syntax import ast
from ...wire import GAUGES
from ..spec import Report, Subroutine


def check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    if not isinstance(args[0], ast.StrLit) or args[0].value not in GAUGES:
        report("D_PROTO_ARG", f"__gauge( ) argument #1 must be one of {', '.join(GAUGES)}", 0)


def lower(b: Any, call: ast.Call) -> Value:
    name = call.args[0]
    assert isinstance(name, ast.StrLit)
    return Word(b.type(call), b.ask("__gauge", "gauge", Const(b.program.gauge(name.value))))


SUBROUTINE = Subroutine(
    name="__gauge",
    prototype="int64_t __gauge(string)",
    doc="a load or an amount of memory, as of the last second",
    platforms="",
    check=check,
    lower=lower,
)
