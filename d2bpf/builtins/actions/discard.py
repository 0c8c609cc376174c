"""discard(): throws away what was recorded under a speculation."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.close_speculation("discard", b.word(call.args[0]))


ACTION = Action(
    name="discard",
    prototype="void discard(int)",
    doc="throws away what was recorded under a speculation",
    records=False,
    lower=lower,
)
