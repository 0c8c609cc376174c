"""mutex_type_adaptive(): 1 if the mutex is adaptive."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="mutex_type_adaptive",
    prototype="int mutex_type_adaptive(struct mutex *)",
    doc="1 if the mutex is adaptive",
    fidelity="approximate",
    note="every mutex of Linux is adaptive",
)
