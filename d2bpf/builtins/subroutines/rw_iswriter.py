"""rw_iswriter(): non-zero if a writer holds the readers-writer lock or waits for it."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._locks import WRITER, rw_count, truth


def lower(b: Any, call: ast.Call) -> Value:
    return truth(b, call, Bin("&", rw_count(b, call), Const(WRITER)))


SUBROUTINE = Subroutine(
    name="rw_iswriter",
    prototype="int rw_iswriter(void *)",
    doc="non-zero if a writer holds the readers-writer lock or waits for it",
    lower=lower,
)
