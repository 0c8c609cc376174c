"""setopt(): changes an option while tracing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...dtypes import DType, is_string_compatible
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    for i, t in enumerate(types):
        if not is_string_compatible(t):
            message = f"setopt( ) argument #{i + 1} is incompatible with prototype:\n\tprototype: const char *\n\t argument: {t}"
            report("D_PROTO_ARG", message, i)


ACTION = Action(
    name="setopt",
    prototype="void setopt(const char *, [const char *])",
    doc="changes an option while tracing",
    check=_check,
)
