"""strlen(): bytes before the NUL, at most strsize."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    text = b.string(call.args[0])
    capacity = min(text.capacity, b.program.strsize + 1)
    if text.form == "literal":
        return Word(b.type(call), Const(len(text.text[: capacity - 1])))
    return Word(b.type(call), b.text_length(text, b.slot(capacity), capacity))


SUBROUTINE = Subroutine(
    name="strlen",
    prototype="size_t strlen(const char *)",
    doc="bytes before the NUL, at most strsize",
    lower=lower,
)
