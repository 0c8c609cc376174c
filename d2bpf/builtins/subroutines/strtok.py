"""strtok(): next token of a string; its state lasts for one firing."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strtok",
    prototype="string strtok(const char *, const char *)",
    doc="next token of a string; its state lasts for one firing",
)
