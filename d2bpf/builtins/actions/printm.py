"""printm(): records kernel memory and prints it as a hex dump."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...dtypes import DType, is_integer, is_pointer
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    size = constants[0]
    if size is None or size <= 0:
        report("D_PRINTM_SIZE", "printm( ) argument #1 must be a non-zero positive integer constant", 0)
    if not is_integer(types[1]) and not is_pointer(types[1]):
        message = "printm( ) argument #2 is incompatible with prototype:\n\tprototype: pointer\n\t argument: "
        report("D_PRINTM_ADDR", message + str(types[1]), 1)


ACTION = Action(
    name="printm",
    prototype="void printm(@, @)",
    doc="records kernel memory and prints it as a hex dump",
    platforms="F",
    check=_check,
)
