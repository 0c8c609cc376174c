"""pidresume(): resumes a process that was stopped."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="pidresume",
    prototype="void pidresume(int)",
    doc="resumes a process that was stopped",
    platforms="M",
    records=False,
    destructive=True,
    refused="no BPF helper sends a signal to another process; use system() with kill -CONT",
)
