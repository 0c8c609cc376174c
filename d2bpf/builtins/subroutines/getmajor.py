"""getmajor(): major number of a device."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const, Ext
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    return Word(b.type(call), Bin(">>u", Ext(4, False, b.word(call.args[0])), Const(20)))


SUBROUTINE = Subroutine(
    name="getmajor",
    prototype="dev_t getmajor(dev_t)",
    doc="major number of a device",
    lower=lower,
)
