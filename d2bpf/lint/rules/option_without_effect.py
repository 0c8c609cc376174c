"""An option that d2bpf takes and has no use for."""

from __future__ import annotations

from collections.abc import Iterator

from ...options import OPTIONS
from ...syntax import ast
from ..look import Look
from ..rule import Found, Rule


def check(look: Look) -> Iterator[Found]:
    for tree in look.trees:
        for item in tree.items:
            if isinstance(item, ast.Pragma) and item.kind == "option" and item.words:
                row = OPTIONS.get(item.words[0].partition("=")[0])
                if row is not None and row.kind == "ignored":
                    yield Found(item, f"the option {row.name} has no effect here", "leave it out")


RULE = Rule(
    code="L604",
    severity="note",
    why="""
The option steers something that only DTrace's own implementation has, such as how it links programs or reads debug information.
d2bpf accepts it, so that the script runs, and does nothing.
""",
    instead="Nothing need be done.",
    bad="#pragma D option lazyload\nBEGIN { exit(0); }",
    good="BEGIN { exit(0); }",
    check=check,
)
