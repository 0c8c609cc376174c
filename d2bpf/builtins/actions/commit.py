"""commit(): prints what was recorded under a speculation."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="commit",
    prototype="void commit(int)",
    doc="prints what was recorded under a speculation",
    records=False,
)
