"""__mountpoint(): path name of where a file system is mounted; for provider libraries."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._paths import mount_path


def lower(b: Any, call: ast.Call) -> Text:
    return mount_path(b, call)


SUBROUTINE = Subroutine(
    name="__mountpoint",
    prototype="string __mountpoint(struct vfsmount *)",
    doc="path name of where a file system is mounted",
    platforms="",
    lower=lower,
)
