"""sym(): kernel symbol of an address."""

from __future__ import annotations

from typing import Any

from ...ir.values import SymbolAddress
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> SymbolAddress | None:
    return b.symbol_address(call, "sym")  # type: ignore[no-any-return]


ACTION = Action(
    name="sym",
    prototype="_symaddr sym(uintptr_t)",
    doc="kernel symbol of an address",
    result="_symaddr",
    lower=lower,
)
