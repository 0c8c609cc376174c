"""raise(): sends a signal to the current process."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.destructive("raise")
    signal = b.pin(b.word(call.args[0]))
    b.must("", "bpf_send_signal", signal, code="ILLOP")


ACTION = Action(
    name="raise",
    prototype="void raise(int)",
    doc="sends a signal to the current process",
    records=False,
    destructive=True,
    lower=lower,
)
