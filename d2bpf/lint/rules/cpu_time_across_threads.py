"""A thread's CPU time minus what may be another thread's."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..look import Look, variable_name
from ..rule import Found, Rule
from ._common import differences, mentions


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        for node in differences(clause, "vtimestamp"):
            name = variable_name(node.right)
            if name is None or name[0] in ("self", "this"):
                continue
            if isinstance(node.right, ast.Index) and mentions(node.right.indices, "tid", "curthread"):
                continue
            text = " ".join(node.right.span.text.split())
            yield Found(node, f"{text} is every thread's, vtimestamp each thread's own", "keep it in self->, or use timestamp")


RULE = Rule(
    code="L503",
    severity="warning",
    why="""
vtimestamp is the time that the current thread has been on a processor. The variable subtracted from it is global, so another
thread may have set it, and the difference of two threads' CPU times means nothing.
""",
    instead="Keep the start in a thread-local variable. For what one thread begins and another ends, measure with timestamp.",
    bad="syscall::read:entry { start = vtimestamp; }\nsyscall::read:return /start/ { @ = sum(vtimestamp - start); }",
    good="syscall::read:entry { self->start = vtimestamp; }\n"
    "syscall::read:return /self->start/ { @ = sum(vtimestamp - self->start); self->start = 0; }",
    check=check,
)
