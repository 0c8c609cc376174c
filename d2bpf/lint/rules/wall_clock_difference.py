"""A duration measured by the clock on the wall."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..finding import Edit, Fix
from ..look import Look, variable_name
from ..rule import Found, Rule
from ._common import differences

_CLOCK, _BETTER = "walltimestamp", "timestamp"


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        for node in differences(clause, _CLOCK):
            if not isinstance(node.right, ast.IntLit):
                message = "the wall clock is set and adjusted while it runs"
                yield Found(node, message, f"use {_BETTER} at both ends", fix=_fix(look, node))


def _fix(look: Look, node: ast.Binary) -> Fix | None:
    """timestamp at both ends, where the variable holds the wall clock for this difference alone."""
    name = variable_name(node.right)
    if name is None:
        return None
    reads = [n for clause in look.clauses for n in clause.reads if isinstance(n, ast.Expr) and variable_name(n) == name]
    used = [d for clause in look.clauses for d in differences(clause, _CLOCK) if variable_name(d.right) == name]
    stores = [n for _, n in look.written.get(name, ()) if isinstance(n, ast.Assign)]
    clocks = [n.value for n in stores if isinstance(n.value, ast.Ident) and n.value.name == _CLOCK]
    tested = [clause.node.predicate for clause in look.clauses if variable_name(clause.node.predicate) == name]
    distinct = {n for n in reads if not isinstance(n, ast.Ident) or n.name != _CLOCK}
    bases = {n.base for n in distinct if isinstance(n, ast.Index)}
    if not clocks or len(distinct - bases) != len(used) + len(stores) + len(tested):
        return None
    places = [look.verbatim(n.span) for n in [*clocks, *(d.left for d in used)]]
    edits = tuple(Edit(*place, _BETTER) for place in places if place is not None)
    return Fix(f"measure with {_BETTER}", edits) if len(edits) == len(places) else None


RULE = Rule(
    code="L502",
    severity="warning",
    fixable="unsafe",
    why="""
walltimestamp is the time of day. It is set by hand and by NTP, jumps, and runs faster or slower than time passes; a difference of
two of them can be negative, or off by hours.
""",
    instead="""
timestamp counts nanoseconds since boot and never jumps; keep walltimestamp for what people read (`%Y`). `lint --fix=unsafe` changes
both ends where the variable serves nothing else.
""",
    bad="syscall::fsync:entry { self->start = walltimestamp; }\n"
    "syscall::fsync:return /self->start/ { @ = quantize(walltimestamp - self->start); self->start = 0; }",
    good="syscall::fsync:entry { self->start = timestamp; }\n"
    "syscall::fsync:return /self->start/ { @ = quantize(timestamp - self->start); self->start = 0; }",
    check=check,
)
