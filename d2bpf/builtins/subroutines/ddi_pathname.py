"""ddi_pathname(): path of a device node."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="ddi_pathname",
    prototype="string ddi_pathname(void *, int64_t)",
    doc="path of a device node",
    platforms="SF",
    fidelity="absent",
    note="Linux device nodes have no such path",
)
