"""tracemem(): records memory and prints it as a hex dump."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...dtypes import DType, is_integer, is_pointer
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    if not is_integer(types[0]) and not is_pointer(types[0]):
        message = "tracemem( ) argument #1 is incompatible with prototype:\n\tprototype: pointer or integer\n\t argument: "
        report("D_TRACEMEM_ADDR", message + str(types[0]), 0)
    size = constants[1]
    if size is None or size <= 0:
        report("D_TRACEMEM_SIZE", "tracemem( ) argument #2 must be a non-zero positive integer constant", 1)


def lower(b: Any, call: ast.Call) -> None:
    size = b.checked.constants[call.args[1]]
    address = b.pin(b.word(call.args[0]))
    dynamic = [b.put_field(b.expr(call.args[2]))] if len(call.args) > 2 else []
    b.act("tracemem", [b.put_bytes(address, size), *dynamic])


ACTION = Action(
    name="tracemem",
    prototype="void tracemem(@, size_t, [size_t])",
    doc="records memory and prints it as a hex dump",
    check=_check,
    lower=lower,
)
