"""setopt(): changes an option while tracing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dtypes import DType, is_string_compatible
from ...syntax import ast
from ..spec import Action, Report


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    for i, t in enumerate(types):
        if not is_string_compatible(t):
            message = f"setopt( ) argument #{i + 1} is incompatible with prototype:\n\tprototype: const char *\n\t argument: {t}"
            report("D_PROTO_ARG", message, i)


def lower(b: Any, call: ast.Call) -> None:
    texts = [a.value for a in call.args if isinstance(a, ast.StrLit)]
    if len(texts) < len(call.args):
        b.act("setopt", [b.put_field(b.text(b.expr(a))) for a in call.args])
    else:
        b.act("setopt", name=texts[0], value=texts[1] if len(texts) > 1 else "1")


ACTION = Action(
    name="setopt",
    prototype="void setopt(const char *, [const char *])",
    doc="changes an option while tracing",
    check=_check,
    lower=lower,
)
