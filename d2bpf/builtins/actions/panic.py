"""panic(): crashes the kernel."""

from __future__ import annotations

from ..spec import Action

ACTION = Action(
    name="panic",
    prototype="void panic()",
    doc="crashes the kernel",
    platforms="SFM",
    records=False,
    destructive=True,
    refused="a BPF program cannot crash the kernel, and should not",
)
