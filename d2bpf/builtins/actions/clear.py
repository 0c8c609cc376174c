"""clear(): sets the values of an aggregation to zero and keeps its keys."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="clear",
    prototype="void clear(@)",
    doc="sets the values of an aggregation to zero and keeps its keys",
    aggregates=True,
)
