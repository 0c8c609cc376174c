"""breakpoint(): enters the kernel debugger."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="breakpoint",
    prototype="void breakpoint()",
    doc="enters the kernel debugger",
    platforms="SFM",
    records=False,
    destructive=True,
    refused="a BPF program cannot enter a kernel debugger",
)
