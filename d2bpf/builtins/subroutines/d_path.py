"""d_path(): path name of a struct path."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="d_path",
    prototype="string d_path(struct path *)",
    doc="path name of a struct path",
    platforms="O",
)
