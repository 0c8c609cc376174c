"""mutex_owned(): 1 if the current thread owns the mutex."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="mutex_owned",
    prototype="int mutex_owned(struct mutex *)",
    doc="1 if the current thread owns the mutex",
)
