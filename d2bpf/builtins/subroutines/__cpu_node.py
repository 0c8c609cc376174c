"""__cpu_node(): NUMA node of a processor; for provider libraries."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    b.program.host_table("cpu_nodes", "NUMA node of each processor")
    return Word(b.type(call), b.ask("__cpu_node", "cpu_node", b.word(call.args[0])))


SUBROUTINE = Subroutine(
    name="__cpu_node",
    prototype="int __cpu_node(processorid_t)",
    doc="NUMA node of a processor",
    platforms="",
    lower=lower,
)
