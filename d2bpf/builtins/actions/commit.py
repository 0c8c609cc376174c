"""commit(): prints what was recorded under a speculation."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.close_speculation("commit", b.word(call.args[0]))


ACTION = Action(
    name="commit",
    prototype="void commit(int)",
    doc="prints what was recorded under a speculation",
    records=False,
    lower=lower,
)
