"""msgsize(): bytes of a STREAMS message."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    raise b.refuse("msgsize( ) cannot be translated: Linux has no STREAMS messages")


SUBROUTINE = Subroutine(
    name="msgsize",
    prototype="size_t msgsize(void *)",
    doc="bytes of a STREAMS message",
    platforms="S",
    fidelity="absent",
    note="Linux has no STREAMS",
    lower=lower,
)
