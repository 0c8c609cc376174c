"""exit(): stops tracing; the argument becomes the exit status."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="exit",
    prototype="void exit(int)",
    doc="stops tracing; the argument becomes the exit status",
)
