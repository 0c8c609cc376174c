"""uaddr(): user symbol and offset of an address."""

from __future__ import annotations

from typing import Any

from ...ir.values import SymbolAddress
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> SymbolAddress | None:
    return b.symbol_address(call, "uaddr")  # type: ignore[no-any-return]


ACTION = Action(
    name="uaddr",
    prototype="_usymaddr uaddr(uintptr_t)",
    doc="user symbol and offset of an address",
    result="_usymaddr",
    lower=lower,
)
