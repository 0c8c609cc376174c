"""rw_read_held(): non-zero if the readers-writer lock is held for reading."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="rw_read_held",
    prototype="int rw_read_held(void *)",
    doc="non-zero if the readers-writer lock is held for reading",
)
