"""rw_write_held(): non-zero if the readers-writer lock is held for writing."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="rw_write_held",
    prototype="int rw_write_held(void *)",
    doc="non-zero if the readers-writer lock is held for writing",
)
