"""__dentry_path(): path of a directory entry within its file system; for the provider libraries."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="__dentry_path",
    prototype="string __dentry_path(struct dentry *)",
    doc="path of a directory entry within its file system",
    platforms="",
)
