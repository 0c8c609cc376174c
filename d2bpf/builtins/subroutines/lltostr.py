"""lltostr(): a number as text, in base 2 to 36."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._base import number_base

BUFFER = 128  # DIGITS_SIZE of lltostr.bpf.h


def lower(b: Any, call: ast.Call) -> Text:
    number = b.word(call.args[0])
    base = number_base(b, call)
    most = digits(base.value) if isinstance(base, Const) else 64
    buffer = ops.Address(b.slot(BUFFER))
    return b.text_at(call, b.ask("lltostr", "number_text", b.work, buffer, number, base, Const(most)))  # type: ignore[no-any-return]


def digits(base: int) -> int:
    """How many digits a 64-bit number may need."""
    n, most = (1 << 64) - 1, 0
    while n:
        n, most = n // base, most + 1
    return most


SUBROUTINE = Subroutine(
    name="lltostr",
    prototype="string lltostr(int64_t, [int])",
    doc="a number as text, in base 2 to 36",
    capacity=lambda caps, strsize: 67,
    lower=lower,
)
