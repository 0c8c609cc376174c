"""mod(): kernel module of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="mod",
    prototype="_symaddr mod(uintptr_t)",
    doc="kernel module of an address",
    result="_symaddr",
)
