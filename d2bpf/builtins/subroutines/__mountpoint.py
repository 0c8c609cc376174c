"""__mountpoint(): where a file system is mounted; for the provider libraries."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="__mountpoint",
    prototype="string __mountpoint(struct vfsmount *)",
    doc="where a file system is mounted",
    platforms="",
)
