"""__cpu_node(): NUMA node of a processor; for the provider libraries."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="__cpu_node",
    prototype="int __cpu_node(processorid_t)",
    doc="NUMA node of a processor",
    platforms="",
)
