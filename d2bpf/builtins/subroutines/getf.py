"""getf(): file structure of a descriptor of the current process, or NULL."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="getf",
    prototype="struct file *getf(int)",
    doc="file structure of a descriptor of the current process, or NULL",
    platforms="SF",
)
