"""usym(): user symbol of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="usym",
    prototype="_usymaddr usym(uintptr_t)",
    doc="user symbol of an address",
    result="_usymaddr",
)
