"""umod(): user object of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="umod",
    prototype="_usymaddr umod(uintptr_t)",
    doc="user object of an address",
    result="_usymaddr",
)
