"""normalize(): divides the values of an aggregation by a number when they are printed."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="normalize",
    prototype="void normalize(@, uint64_t)",
    doc="divides the values of an aggregation by a number when they are printed",
    aggregates=True,
)
