"""__path(): path name of a struct path; for the provider libraries."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="__path",
    prototype="string __path(struct path *)",
    doc="path name of a struct path",
    platforms="",
)
