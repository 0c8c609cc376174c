"""mutex_owner(): thread that owns the mutex, or NULL."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._locks import owner


def lower(b: Any, call: ast.Call) -> Value:
    return Word(b.type(call), owner(b, call))


SUBROUTINE = Subroutine(
    name="mutex_owner",
    prototype="struct task_struct *mutex_owner(struct mutex *)",
    doc="thread that owns the mutex, or NULL",
    lower=lower,
)
