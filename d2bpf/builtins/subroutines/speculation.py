"""speculation(): a new speculation id, or 0 when none is free."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    del call
    return Word(INT, b.new_speculation())


SUBROUTINE = Subroutine(
    name="speculation",
    prototype="int speculation()",
    doc="a new speculation id, or 0 when none is free",
    lower=lower,
)
