"""A time difference from a thread's variable, in a clause that does not ask whether the variable was set."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..finding import Edit, Fix
from ..look import Look, variable_name
from ..rule import Found, Rule
from ._common import CLOCKS, differences, starts_in, tests


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        own = starts_in(clause)
        tested = tests(clause)
        for node in differences(clause, *CLOCKS):
            name = variable_name(node.right)
            if name is None or name in tested or name in own or (name[0] != "self" and not isinstance(node.right, ast.Index)):
                continue
            if name[0] == "this" or any(scope == "self" for scope, _ in tested):
                continue
            if _set_by_begin(look, name):
                continue
            text = " ".join(node.right.span.text.split())
            yield Found(
                node,
                f"{text} is 0 where the start was not seen: the difference is the time since boot",
                f"put /{text}/ before the actions",
                fix=_fix(look, clause.node, text),
            )


def _set_by_begin(look: Look, name: tuple[str, str]) -> bool:
    return any(("dtrace", "", "BEGIN") in clause.names() for clause, _ in look.written.get(name, ()))


def _fix(look: Look, clause: ast.Clause, text: str) -> Fix | None:
    """A predicate for a clause without one, between its last description and its brace; of an existing one, nothing is touched."""
    last = clause.probes[-1]
    place = look.verbatim(last.span)
    if clause.predicate is not None or place is None or not clause.body:
        return None
    layout = look.script.text[place[1] : place[1] + 200]
    gap = layout[: len(layout) - len(layout.lstrip())]
    if not layout[len(gap) :].startswith("{"):
        return None
    return Fix(f"add the predicate /{text}/", (Edit(place[1], place[1], f"{gap or ' '}/{text}/"),))


RULE = Rule(
    code="L501",
    severity="warning",
    fixable="unsafe",
    why="""
The clause subtracts a time that an earlier probe of the same thread kept in a variable. A thread that was in the middle of things
when tracing began passes the second probe without the first; the variable is 0 then, and the difference is the time since boot:
one such value spoils averages, maxima and the scale of a histogram.
""",
    instead="""
Put the variable into the predicate of the clause: `/self->start/`. `lint --fix=unsafe` does so where the clause has none.
""",
    bad="syscall::read:entry { self->start = timestamp; }\n"
    "syscall::read:return { @ = avg(timestamp - self->start); self->start = 0; }",
    good="syscall::read:entry { self->start = timestamp; }\n"
    "syscall::read:return /self->start/ { @ = avg(timestamp - self->start); self->start = 0; }",
    check=check,
)
