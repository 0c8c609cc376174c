"""rw_write_held(): non-zero if the readers-writer lock is held for writing."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._locks import WRITER_HELD, rw_count


def lower(b: Any, call: ast.Call) -> Value:
    return Word(b.type(call), Bin("==", Bin("&", rw_count(b, call), Const(WRITER_HELD)), Const(WRITER_HELD)))


SUBROUTINE = Subroutine(
    name="rw_write_held",
    prototype="int rw_write_held(void *)",
    doc="non-zero if the readers-writer lock is held for writing",
    lower=lower,
)
