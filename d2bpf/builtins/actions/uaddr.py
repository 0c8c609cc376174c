"""uaddr(): user symbol and offset of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="uaddr",
    prototype="_usymaddr uaddr(uintptr_t)",
    doc="user symbol and offset of an address",
    result="_usymaddr",
)
