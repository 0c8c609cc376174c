"""__path(): path name of a file, from the root of all mounted file systems; for provider libraries."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._paths import file_path


def lower(b: Any, call: ast.Call) -> Text:
    return file_path(b, call)


SUBROUTINE = Subroutine(
    name="__path",
    prototype="string __path(struct path *)",
    doc="path name of a file, from the root of all mounted file systems",
    platforms="",
    lower=lower,
)
