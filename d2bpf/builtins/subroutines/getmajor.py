"""getmajor(): major number of a device."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="getmajor",
    prototype="dev_t getmajor(dev_t)",
    doc="major number of a device",
)
