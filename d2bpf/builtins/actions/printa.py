"""printa(): prints aggregations, by a format or in the default layout."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="printa",
    prototype="void printa(@, ...)",
    doc="prints aggregations, by a format or in the default layout",
    aggregates=True,
)
