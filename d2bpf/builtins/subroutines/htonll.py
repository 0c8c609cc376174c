"""htonll(): host to network byte order, 64 bits."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._byteorder import swapped


def lower(b: Any, call: ast.Call) -> Value:
    return swapped(b, call, 8)


SUBROUTINE = Subroutine(
    name="htonll",
    prototype="uint64_t htonll(uint64_t)",
    doc="host to network byte order, 64 bits",
    lower=lower,
)
