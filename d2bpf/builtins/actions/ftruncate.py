"""ftruncate(): empties the output file."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="ftruncate",
    prototype="void ftruncate()",
    doc="empties the output file",
)
