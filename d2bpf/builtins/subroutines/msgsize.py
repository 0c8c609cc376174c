"""msgsize(): bytes of a STREAMS message."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="msgsize",
    prototype="size_t msgsize(void *)",
    doc="bytes of a STREAMS message",
    platforms="S",
    fidelity="absent",
    note="Linux has no STREAMS",
)
