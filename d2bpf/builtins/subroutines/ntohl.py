"""ntohl(): network to host byte order, 32 bits."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._byteorder import swapped


def lower(b: Any, call: ast.Call) -> Value:
    return swapped(b, call, 4)


SUBROUTINE = Subroutine(
    name="ntohl",
    prototype="uint32_t ntohl(uint32_t)",
    doc="network to host byte order, 32 bits",
    lower=lower,
)
