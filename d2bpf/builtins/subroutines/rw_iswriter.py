"""rw_iswriter(): non-zero if a writer holds the readers-writer lock or waits for it."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="rw_iswriter",
    prototype="int rw_iswriter(void *)",
    doc="non-zero if a writer holds the readers-writer lock or waits for it",
)
