"""discard(): throws away what was recorded under a speculation."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="discard",
    prototype="void discard(int)",
    doc="throws away what was recorded under a speculation",
    records=False,
)
