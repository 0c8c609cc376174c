"""d_path(): path name of a struct path."""

from __future__ import annotations

from typing import Any

from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine
from ._paths import file_path


def lower(b: Any, call: ast.Call) -> Text:
    return file_path(b, call)


SUBROUTINE = Subroutine(
    name="d_path",
    prototype="string d_path(struct path *)",
    doc="path name of a struct path",
    platforms="O",
    lower=lower,
)
