"""Keys that are new at each firing: an aggregation or array that only grows."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..look import Look
from ..rule import Found, Rule
from ._common import CLOCKS


def check(look: Look) -> Iterator[Found]:
    cleared = {
        arg.name
        for clause in look.clauses
        for node in clause.reads
        if isinstance(node, ast.Call) and node.name in ("trunc", "clear")
        for arg in node.args
        if isinstance(arg, ast.AggRef)
    }
    for clause in look.clauses:
        for node in clause.reads:
            if not isinstance(node, ast.AggRef) or node.name in cleared:
                continue
            for key in node.keys or ():
                if isinstance(key, ast.Ident) and key.name in CLOCKS:
                    what = f"@{'' if node.name == '_' else node.name}"
                    message = f"{what} gets an entry for each value of {key.name}"
                    yield Found(key, message, f"use {key.name} / 1000000000, or trunc()")


RULE = Rule(
    code="L401",
    severity="warning",
    why="""
A key that differs at each firing makes each firing an entry of its own. The aggregation grows until its memory (aggsize) is full;
from then on updates of new keys are dropped, and counted as aggregation drops. On Linux the memory is taken when tracing starts
and does not grow.
""",
    instead="""
Make the key coarser (a second, say), print and trunc() the aggregation from a tick probe, or print a line in place of aggregating.
""",
    bad="syscall::read:entry { @[timestamp] = count(); }",
    good="syscall::read:entry { @[walltimestamp / 1000000000] = count(); }\ntick-1s { printa(@); trunc(@); }",
    check=check,
)
