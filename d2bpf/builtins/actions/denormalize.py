"""denormalize(): ends the effect of normalize()."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="denormalize",
    prototype="void denormalize(@)",
    doc="ends the effect of normalize()",
    aggregates=True,
)
