"""print(): prints a value, or what a pointer points to, by its type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dtypes import DType, Dynamic, Ptr, Translated, Void, strip
from ...ir.values import Region, Word
from ...syntax import ast
from ..spec import Action, Report
from ._layout import describe


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    t = strip(types[0])
    if isinstance(t, Void):
        report("D_PROTO_ARG", "print( ) may not be applied to a void expression", 0)
    if isinstance(t, Dynamic):
        report("D_PROTO_ARG", "print( ) may not be applied to a dynamic expression", 0)
    if isinstance(t, Translated):
        report("X_ACTION", f"print( ) of a translated {t.to}, which exists only member by member: print its members", 0)
    if isinstance(t, Ptr) and strip(t.to).size == 0:
        message = f"print( ) argument #1 reference has type '{t.to}' with size 0; cannot print( ) it."
        report("D_PRINT_SIZE", message, 0)


def lower(b: Any, call: ast.Call) -> None:
    t = b.type(call.args[0])
    value = b.expr(call.args[0])
    limit = b.checked.options["printsize"]
    pointer = strip(t)
    if isinstance(pointer, Ptr):
        address = b.pin(b.to_word(value))
        fields = [b.put_field(Word(t, address)), b.put_bytes(address, min(pointer.to.size, limit))]
        b.act("print", fields, layout=describe(pointer.to))
        return
    if isinstance(value, Region):
        field = b.put_bytes(value.address, min(t.size, limit))
    else:
        field = b.put_field(value)
    b.act("print", [field], layout=describe(t))


ACTION = Action(
    name="print",
    prototype="void print(@)",
    doc="prints a value, or what a pointer points to, by its type",
    check=_check,
    lower=lower,
)
