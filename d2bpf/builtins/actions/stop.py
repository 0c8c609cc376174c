"""stop(): stops the current process."""

from __future__ import annotations

from signal import SIGSTOP
from typing import Any

from ...ir import ops
from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.destructive("stop")
    b.must("", "bpf_send_signal", ops.Const(SIGSTOP), code="ILLOP")


ACTION = Action(
    name="stop",
    prototype="void stop()",
    doc="stops the current process",
    platforms="SFM",
    records=False,
    destructive=True,
    lower=lower,
)
