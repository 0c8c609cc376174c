"""A value that is the same for everything on Linux."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..finding import DIFFERS
from ..look import Look
from ..rule import Found, Rule


def check(look: Look) -> Iterator[Found]:
    checked = look.checked
    if checked is None:
        return
    told = set()
    for clause in look.clauses:
        for node in clause.reads:
            value = None
            if isinstance(node, ast.MemberOf) and node in checked.translators:
                value = checked.translators[node].members.get(node.name, (None,))[0]
            elif isinstance(node, ast.Ident) and node.name == "zonename":
                symbol = checked.symbols.get(node)
                value = symbol.inline.value if symbol is not None and symbol.inline is not None else None
            name = getattr(node, "name", "")
            if isinstance(value, (ast.IntLit, ast.StrLit)) and name not in told:
                told.add(name)
                yield Found(node, f"{name} is always {value.span.text} on Linux", fidelity="absent", origin="S")


RULE = Rule(
    code="L204",
    severity="warning",
    verdict=DIFFERS,
    why="""
Linux has nothing that this member or variable tells: there are no zones, projects, tasks or pools, for instance. It has one value
for all processes, so a predicate on it is true always or never, and a column of it says nothing.
""",
    instead="""
Leave it out. For what zones are used for, Linux has control groups and name spaces: `curthread->nsproxy` leads to a process' own.
""",
    bad="proc:::exec-success { @[zonename] = count(); }",
    good="proc:::exec-success { @[execname] = count(); }",
    check=check,
)
