"""speculate(): makes what follows in the clause speculative."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    b.speculate(b.word(call.args[0]))


ACTION = Action(
    name="speculate",
    prototype="void speculate(int)",
    doc="makes what follows in the clause speculative",
    records=False,
    lower=lower,
)
