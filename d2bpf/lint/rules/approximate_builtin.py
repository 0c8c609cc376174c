"""A built-in variable, subroutine or action that does not do quite the same on Linux."""

from __future__ import annotations

from collections.abc import Iterator

from ...builtins import registry
from ...builtins.spec import Action, Subroutine, Variable
from ...syntax import ast
from ..finding import DIFFERS
from ..look import Look
from ..rule import Found, Rule


def check(look: Look) -> Iterator[Found]:
    told = set()
    for clause in look.clauses:
        for node in clause.reads:
            record: Variable | Subroutine | Action | None = None
            if isinstance(node, ast.Ident):
                record = registry.variable(node.name)
            elif isinstance(node, ast.Call):
                record = registry.subroutine(node.name) or registry.action(node.name)
            if record is not None and record.fidelity == "approximate" and record.name not in told:
                told.add(record.name)
                yield Found(node, f"{record.name}: {record.note}", fidelity="approximate")


RULE = Rule(
    code="L205",
    severity="warning",
    verdict=DIFFERS,
    why="""
The built-in is there, but what it tells or does differs from the original. The finding says in what.
""",
    instead="Read what differs, and decide whether the script depends on it.",
    bad="profile-97 { trace(ipl); }",
    check=check,
)
