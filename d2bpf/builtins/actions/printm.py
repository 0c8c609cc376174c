"""printm(): records kernel memory and prints it as a hex dump."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dtypes import DType, Ptr, is_integer, is_pointer, strip
from ...ir.ops import Bin, Const
from ...syntax import ast
from ..spec import Action, Report
from ._memory import dump_part


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    size = constants[0]
    if size is None or size <= 0:
        report("D_PRINTM_SIZE", "printm( ) argument #1 must be a non-zero positive integer constant", 0)
    if not is_integer(types[1]) and not is_pointer(types[1]):
        message = "printm( ) argument #2 is incompatible with prototype:\n\tprototype: pointer\n\t argument: "
        report("D_PRINTM_ADDR", message + str(types[1]), 1)


def lower(b: Any, call: ast.Call) -> None:
    size = b.checked.constants[call.args[0]]
    address = b.pin(b.word(call.args[1]))
    if not is_pair(b.type(call.args[1])):
        b.act("tracemem", [b.put_bytes(address, size)])
        return
    memory, length = b.load(address, 8), b.load(Bin("+", address, Const(8)), 8)
    b.fault_if(Bin("<u", Const(size), length), "BADSIZE")
    dump_part(b, memory, length, size)


def is_pair(t: DType) -> bool:
    """Whether a type is memref()'s: what it points to is an address and a size."""
    pointer = strip(t)
    return isinstance(pointer, Ptr) and str(pointer.to) == "uintptr_t"


ACTION = Action(
    name="printm",
    prototype="void printm(@, @)",
    doc="records kernel memory and prints it as a hex dump",
    platforms="F",
    check=_check,
    lower=lower,
)
