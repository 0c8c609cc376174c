"""__dentry_path(): path name of a directory entry, from the root of its file system; for provider libraries."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._paths import entry_path


def lower(b: Any, call: ast.Call) -> Text:
    return entry_path(b, call)


SUBROUTINE = Subroutine(
    name="__dentry_path",
    prototype="string __dentry_path(struct dentry *)",
    doc="path name of a directory entry, from the root of its file system",
    platforms="",
    lower=lower,
)
