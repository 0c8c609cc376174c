"""strrchr(): tail of a string from the last occurrence of a character, or NULL."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    window = b.text_window(b.string(call.args[0]))
    return b.text_at(call, b.ask("strrchr", "str_rchr", b.work, window, b.word(call.args[1])))  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="strrchr",
    prototype="string strrchr(const char *, char)",
    doc="tail of a string from the last occurrence of a character, or NULL",
    capacity=lambda caps, strsize: caps[0],
    lower=lower,
)
