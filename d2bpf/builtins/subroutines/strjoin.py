"""strjoin(): concatenation of two strings, cut to strsize."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    left, right = map(b.string, call.args)
    if left.form == right.form == "literal":
        return b.literal((left.text + right.text)[: b.program.strsize].decode("latin-1"))  # type: ignore[no-any-return]
    place, length = b.own_text(left)
    user = right.form == "user"
    source = b.pin(right.address if user else b.text_address(right))
    function = "str_append_user" if user else "str_append"
    b.must(b.helpers("strjoin"), function, ops.Address(place), length, source, value=source)
    return b.text_in(call, place)  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="strjoin",
    prototype="string strjoin(const char *, const char *)",
    doc="concatenation of two strings, cut to strsize",
    capacity=lambda caps, strsize: min(caps[0] + caps[1] - 1, strsize + 1),
    lower=lower,
)
