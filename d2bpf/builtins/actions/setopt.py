"""setopt(): changes an option while tracing."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="setopt",
    prototype="void setopt(const char *, [const char *])",
    doc="changes an option while tracing",
)
