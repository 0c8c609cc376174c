"""setopt(): changes an option while tracing."""

from __future__ import annotations

from typing import Any

from ...syntax import ast
from ..spec import Action


def lower(b: Any, call: ast.Call) -> None:
    texts = [a.value if isinstance(a, ast.StrLit) else None for a in call.args]
    if None in texts:
        fields = [b.put_field(b.expr(a)) for a in call.args]
        b.act("setopt", fields)
    else:
        b.act("setopt", name=texts[0], value=texts[1] if len(texts) > 1 else "1")


ACTION = Action(
    name="setopt",
    prototype="void setopt(const char *, [const char *])",
    doc="changes an option while tracing",
    lower=lower,
)
