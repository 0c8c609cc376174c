"""getminor(): minor number of a device."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    return Word(b.type(call), Bin("&", b.word(call.args[0]), Const(0xFFFFF)))


SUBROUTINE = Subroutine(
    name="getminor",
    prototype="dev_t getminor(dev_t)",
    doc="minor number of a device",
    lower=lower,
)
