"""An action that changes the system: stop(), system(), copyout() and others."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..look import Look
from ..rule import Found, Rule
from ._common import is_destructive


def check(look: Look) -> Iterator[Found]:
    allowed = look.call.command.options["destructive"]
    for clause in look.clauses:
        for node in clause.reads:
            if isinstance(node, ast.Call) and is_destructive(node):
                permission = "allowed by the option destructive" if allowed else "refused without -w"
                yield Found(node, f"{node.name}() changes the system; {permission}")


RULE = Rule(
    code="L301",
    severity="warning",
    why="""
The script does not only look: it stops or signals processes, writes into their memory, delays the processor, or runs commands,
as root. dtrace refuses that without -w or `#pragma D option destructive`.
""",
    instead="""
Make sure that the clause fires for the processes that are meant, and no others: filter by pid or $target. Commands that system()
runs may not exist on Linux, or take other options: look each up.
""",
    bad='#pragma D option destructive\nsyscall::reboot:entry { system("ps -p %d", pid); }',
    good="syscall::reboot:entry { trace(pid); }",
    check=check,
)
