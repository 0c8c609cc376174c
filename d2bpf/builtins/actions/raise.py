"""raise(): sends a signal to the current process."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="raise",
    prototype="void raise(int)",
    doc="sends a signal to the current process",
    records=False,
    destructive=True,
)
