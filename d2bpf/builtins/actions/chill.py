"""chill(): keeps the CPU busy for a number of nanoseconds."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="chill",
    prototype="void chill(int)",
    doc="keeps the CPU busy for a number of nanoseconds",
    platforms="SFM",
    records=False,
    destructive=True,
)
