"""sx_isexclusive(): non-zero if the shared/exclusive lock is held exclusively."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="sx_isexclusive",
    prototype="int sx_isexclusive(void *)",
    doc="non-zero if the shared/exclusive lock is held exclusively",
    platforms="F",
    fidelity="approximate",
    note="the nearest lock of Linux is the rw_semaphore",
)
