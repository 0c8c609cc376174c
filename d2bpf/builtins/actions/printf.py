"""printf(): prints its arguments by a format."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="printf",
    prototype="void printf(string, ...)",
    doc="prints its arguments by a format",
    formatted=0,
)
