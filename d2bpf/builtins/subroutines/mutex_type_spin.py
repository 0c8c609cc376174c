"""mutex_type_spin(): 1 if the mutex is a spin lock."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="mutex_type_spin",
    prototype="int mutex_type_spin(struct mutex *)",
    doc="1 if the mutex is a spin lock",
    fidelity="approximate",
    note="no mutex of Linux is a spin lock",
)
