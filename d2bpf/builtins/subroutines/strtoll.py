"""strtoll(): the number a text begins with, in base 2 to 36."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._base import number_base


def lower(b: Any, call: ast.Call) -> Value:
    window = b.text_window(b.string(call.args[0]))
    return Word(b.type(call), b.ask("strtoll", "text_number", b.work, window, number_base(b, call)))


SUBROUTINE = Subroutine(
    name="strtoll",
    prototype="int64_t strtoll(const char *, [int])",
    doc="the number a text begins with, in base 2 to 36",
    platforms="SF",
    lower=lower,
)
