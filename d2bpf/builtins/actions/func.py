"""func(): kernel function of an address."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="func",
    prototype="_symaddr func(uintptr_t)",
    doc="kernel function of an address",
    result="_symaddr",
)
