"""freopen(): sends the output that follows to another file."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="freopen",
    prototype="void freopen(string, ...)",
    doc="sends the output that follows to another file",
    formatted=0,
    destructive=True,
)
