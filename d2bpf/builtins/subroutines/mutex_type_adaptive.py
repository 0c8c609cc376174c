"""mutex_type_adaptive(): 1 if the mutex is adaptive."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    b.word(call.args[0])
    return Word(b.type(call), Const(1))


SUBROUTINE = Subroutine(
    name="mutex_type_adaptive",
    prototype="int mutex_type_adaptive(struct mutex *)",
    doc="1 if the mutex is adaptive",
    fidelity="approximate",
    note="every mutex of Linux is adaptive",
    lower=lower,
)
