"""rw_read_held(): non-zero if the readers-writer lock is held for reading."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const, Ext
from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._locks import READERS, rw_count, truth


def lower(b: Any, call: ast.Call) -> Value:
    return truth(b, call, Bin(">>u", Ext(4, False, rw_count(b, call)), Const(READERS)))


SUBROUTINE = Subroutine(
    name="rw_read_held",
    prototype="int rw_read_held(void *)",
    doc="non-zero if the readers-writer lock is held for reading",
    lower=lower,
)
