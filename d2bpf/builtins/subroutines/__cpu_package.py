"""__cpu_package(): physical package of a processor; for the provider libraries."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="__cpu_package",
    prototype="int __cpu_package(processorid_t)",
    doc="physical package of a processor",
    platforms="",
)
