"""stop(): stops the current process."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="stop",
    prototype="void stop()",
    doc="stops the current process",
    platforms="SFM",
    records=False,
    destructive=True,
)
