"""mod(): kernel module of an address."""

from __future__ import annotations

from typing import Any

from ...ir.values import SymbolAddress
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> SymbolAddress | None:
    return b.symbol_address(call, "mod")  # type: ignore[no-any-return]


ACTION = Action(
    name="mod",
    prototype="_symaddr mod(uintptr_t)",
    doc="kernel module of an address",
    result="_symaddr",
    lower=lower,
)
