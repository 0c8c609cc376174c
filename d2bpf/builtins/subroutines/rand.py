"""rand(): pseudo-random 32-bit number."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Ext
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    return Word(b.type(call), b.tmp(Ext(4, True, b.helper("bpf_get_prandom_u32")), "rand"))


SUBROUTINE = Subroutine(
    name="rand",
    prototype="int rand()",
    doc="pseudo-random 32-bit number",
    lower=lower,
)
