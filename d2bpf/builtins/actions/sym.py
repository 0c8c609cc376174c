"""sym(): kernel symbol of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="sym",
    prototype="_symaddr sym(uintptr_t)",
    doc="kernel symbol of an address",
    result="_symaddr",
)
