"""kdebug_trace(): writes a kernel trace event."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="kdebug_trace",
    prototype="void kdebug_trace(...)",
    doc="writes a kernel trace event",
    platforms="M",
    records=False,
    destructive=True,
    refused="it writes to macOS' kdebug facility, which Linux does not have",
)
