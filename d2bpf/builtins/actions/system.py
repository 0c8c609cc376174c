"""system(): runs a shell command."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="system",
    prototype="void system(string, ...)",
    doc="runs a shell command",
    formatted=0,
    destructive=True,
)
