"""getminor(): minor number of a device."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="getminor",
    prototype="dev_t getminor(dev_t)",
    doc="minor number of a device",
)
