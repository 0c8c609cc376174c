"""mutex_owned(): 1 if the current thread owns the mutex."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._locks import is_current, owner


def lower(b: Any, call: ast.Call) -> Value:
    return Word(b.type(call), is_current(b, owner(b, call)))


SUBROUTINE = Subroutine(
    name="mutex_owned",
    prototype="int mutex_owned(struct mutex *)",
    doc="1 if the current thread owns the mutex",
    lower=lower,
)
