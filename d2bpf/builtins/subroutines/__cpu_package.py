"""__cpu_package(): physical package of a processor; for provider libraries."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    b.program.host_table("cpu_packages", "physical package of each processor")
    return Word(b.type(call), b.ask("__cpu_package", "cpu_package", b.word(call.args[0])))


SUBROUTINE = Subroutine(
    name="__cpu_package",
    prototype="int __cpu_package(processorid_t)",
    doc="physical package of a processor",
    platforms="",
    lower=lower,
)
