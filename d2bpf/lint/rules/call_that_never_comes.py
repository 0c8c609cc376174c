"""A system call of another system, listed beside calls that Linux has."""

from __future__ import annotations

from collections.abc import Iterator

from ..look import Look
from ..rule import Found, Rule
from ._common import is_alone, providers


def check(look: Look) -> Iterator[Found]:
    catalog = look.machine.catalog
    for clause in look.clauses:
        for desc, probes in clause.matches:
            reason = None if probes else catalog.covered(desc, clause.literals)
            if reason is not None and not is_alone(look, clause, desc):
                rows = (provider.gone_row(desc) for provider in providers(look, desc))
                origin = next((str(row.get("os", "")) for row in rows if row is not None), "")
                yield Found(desc, reason, "leave it out, or leave it in for the other system: it does no harm", "absent", origin)


RULE = Rule(
    code="L103",
    severity="note",
    why="""
The description matches nothing on Linux, and nothing is lost: no such system call is ever made here, or another description of
the same program covers what it stands for.
""",
    instead="Nothing need be done. A script for Linux alone can leave it out.",
    bad="syscall::read:entry, syscall::read_nocancel:entry { @[execname] = count(); }",
    good="syscall::read:entry { @[execname] = count(); }",
    check=check,
)
