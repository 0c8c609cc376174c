"""htons(): host to network byte order, 16 bits."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._byteorder import swapped


def lower(b: Any, call: ast.Call) -> Value:
    return swapped(b, call, 2)


SUBROUTINE = Subroutine(
    name="htons",
    prototype="uint16_t htons(uint16_t)",
    doc="host to network byte order, 16 bits",
    lower=lower,
)
