"""sx_shared_held(): non-zero if the shared/exclusive lock is held shared."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="sx_shared_held",
    prototype="int sx_shared_held(void *)",
    doc="non-zero if the shared/exclusive lock is held shared",
    platforms="F",
    fidelity="approximate",
    note="the nearest lock of Linux is the rw_semaphore",
)
