"""mutex_type_spin(): 1 if the mutex is a spin lock."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    b.word(call.args[0])
    return Word(b.type(call), Const(0))


SUBROUTINE = Subroutine(
    name="mutex_type_spin",
    prototype="int mutex_type_spin(struct mutex *)",
    doc="1 if the mutex is a spin lock",
    fidelity="approximate",
    note="no mutex of Linux is a spin lock",
    lower=lower,
)
