"""sx_exclusive_held(): non-zero if the shared/exclusive lock is held exclusively."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="sx_exclusive_held",
    prototype="int sx_exclusive_held(void *)",
    doc="non-zero if the shared/exclusive lock is held exclusively",
    platforms="F",
    fidelity="approximate",
    note="the nearest lock of Linux is the rw_semaphore",
)
