"""ufunc(): user function of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="ufunc",
    prototype="_usymaddr ufunc(uintptr_t)",
    doc="user function of an address",
    result="_usymaddr",
)
