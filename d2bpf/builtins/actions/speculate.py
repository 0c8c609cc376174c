"""speculate(): makes what follows in the clause speculative."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="speculate",
    prototype="void speculate(int)",
    doc="makes what follows in the clause speculative",
    records=False,
)
