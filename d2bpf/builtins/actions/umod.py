"""umod(): user object of an address."""

from __future__ import annotations

from typing import Any

from ...ir.values import SymbolAddress
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> SymbolAddress | None:
    return b.symbol_address(call, "umod")  # type: ignore[no-any-return]


ACTION = Action(
    name="umod",
    prototype="_usymaddr umod(uintptr_t)",
    doc="user object of an address",
    result="_usymaddr",
    lower=lower,
)
