"""func(): kernel function of an address."""

from __future__ import annotations

from typing import Any

from ...ir.values import SymbolAddress
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> SymbolAddress | None:
    return b.symbol_address(call, "func")  # type: ignore[no-any-return]


ACTION = Action(
    name="func",
    prototype="_symaddr func(uintptr_t)",
    doc="kernel function of an address",
    result="_symaddr",
    lower=lower,
)
