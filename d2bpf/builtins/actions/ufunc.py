"""ufunc(): user function of an address."""

from __future__ import annotations

from typing import Any

from ...ir.values import SymbolAddress
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> SymbolAddress | None:
    return b.symbol_address(call, "ufunc")  # type: ignore[no-any-return]


ACTION = Action(
    name="ufunc",
    prototype="_usymaddr ufunc(uintptr_t)",
    doc="user function of an address",
    result="_usymaddr",
    lower=lower,
)
