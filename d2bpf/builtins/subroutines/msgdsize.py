"""msgdsize(): data bytes of a STREAMS message."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="msgdsize",
    prototype="size_t msgdsize(void *)",
    doc="data bytes of a STREAMS message",
    platforms="S",
    fidelity="absent",
    note="Linux has no STREAMS",
)
