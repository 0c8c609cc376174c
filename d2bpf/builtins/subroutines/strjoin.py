"""strjoin(): concatenation of two strings, cut to strsize."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="strjoin",
    prototype="string strjoin(const char *, const char *)",
    doc="concatenation of two strings, cut to strsize",
    capacity=lambda caps, strsize: min(caps[0] + caps[1] - 1, strsize + 1),
)
