"""ddi_pathname(): path of a device node."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    raise b.refuse("ddi_pathname( ) cannot be translated: Linux has no tree of device nodes with such paths")


SUBROUTINE = Subroutine(
    name="ddi_pathname",
    prototype="string ddi_pathname(void *, int64_t)",
    doc="path of a device node",
    platforms="SF",
    fidelity="absent",
    note="Linux device nodes have no such path",
    lower=lower,
)
