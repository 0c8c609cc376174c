"""The base of lltostr() and strtoll(): 2 to 36, or the fault "illegal operation"."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const, Expr
from ...syntax import ast

LEAST, MOST = 2, 36


def number_base(b: Any, call: ast.Call) -> Expr:
    """The second argument of a call, checked; 10 if there is none."""
    if len(call.args) < 2:
        return Const(10)
    base = b.pin(b.word(call.args[1]), "base")
    if not isinstance(base, Const):
        b.fault_if(Bin("<u", Const(MOST - LEAST), Bin("-", base, Const(LEAST))), "ILLOP")
    elif not LEAST <= base.value <= MOST:
        b.fault("ILLOP")
        return Const(10)
    return base  # type: ignore[no-any-return]
