"""What several rules ask."""

from __future__ import annotations

from collections.abc import Iterator

from ...builtins import registry
from ...catalog.load import Provider
from ...sema.names import walk, written
from ...source import Span
from ...syntax import ast
from ..finding import Edit, Fix
from ..look import OWN_PROVIDERS, Clause, Look, variable_name
from ..programs import is_gone

CLOCKS = ("timestamp", "vtimestamp", "walltimestamp", "machtimestamp")

RECORDING = ("printf", "trace", "tracemem", "stack", "ustack", "jstack", "print", "printm")


def is_zero(node: ast.Node | None) -> bool:
    return (isinstance(node, ast.IntLit) and node.value == 0) or (isinstance(node, ast.Ident) and node.name == "NULL")


def mentions(node: object, *names: str) -> bool:
    """Whether an expression reads one of some names of the global space."""
    return any(isinstance(n, ast.Ident) and n.name in names for n in walk(node))


def read_variables(node: object) -> set[tuple[str, str]]:
    """(scope, name) of the variables that stand in an expression."""
    return {name for n in walk(node) if (name := variable_name(n)) is not None}


def differences(clause: Clause, *clocks: str) -> Iterator[ast.Binary]:
    """Each `clock - expression` of a clause."""
    for node in clause.reads:
        if isinstance(node, ast.Binary) and node.op == "-" and isinstance(node.left, ast.Ident) and node.left.name in clocks:
            yield node


def tests(clause: Clause) -> set[tuple[str, str]]:
    """The variables that the predicate of a clause, a ?: or an if in it, or an && before it, tests."""
    found = read_variables(clause.node.predicate)
    for node in clause.reads:
        if isinstance(node, ast.Cond):
            found |= read_variables(node.test)
        elif isinstance(node, ast.Binary) and node.op in ("&&", "||"):
            found |= read_variables(node.left)
    for statement in clause.node.body or ():
        if isinstance(statement, ast.If):
            found |= read_variables(statement.test)
    return found


def starts_in(clause: Clause) -> set[tuple[str, str]]:
    """The variables that a clause gives another value than 0."""
    stores = (node for node in clause.reads if isinstance(node, ast.Assign) and not is_zero(node.value))
    return {name for node in stores for name in written(node)}


def ordinary(clause: Clause) -> bool:
    """Whether a clause is enabled on other probes than those of the tracing itself."""
    return any(provider not in OWN_PROVIDERS for provider, _, _ in clause.names())


def spelled(name: tuple[str, str]) -> str:
    scope, word = name
    return f"{scope}->{word}" if scope else word


def replacement(look: Look, span: Span, text: str, title: str, safe: bool = False) -> Fix | None:
    """A fix that puts `text` in place of a span; None where the span does not stand in the file as it is."""
    place = look.verbatim(span)
    return None if place is None else Fix(title, (Edit(*place, text),), safe)


def providers(look: Look, desc: ast.ProbeDesc) -> Iterator[Provider]:
    """The providers that a description can mean."""
    from ...catalog.glob import matches

    catalog = look.machine.catalog
    for name in catalog.names():
        if matches(desc.provider, name):
            yield catalog.provider(name)


def still_shows(look: Look) -> bool:
    """Whether something is left of a script without the probes that do not exist here: a clause on other probes than those of the
    tracing itself that records something, and does not wait for what only lost clauses do."""
    lost, left = set[tuple[str, str]](), set[tuple[str, str]]()
    alive = []
    for clause in look.clauses:
        there = [desc for desc, probes in clause.matches if probes and not is_gone(desc)]
        (left if there else lost).update(starts_in(clause))
        if there and any(provider not in OWN_PROVIDERS for provider, _, _ in clause.names()):
            alive.append(clause)
    return any(_records(clause) and not read_variables(clause.node.predicate) & (lost - left) for clause in alive)


def _records(clause: Clause) -> bool:
    """Whether a clause shows something, or keeps it in an aggregation or a global variable."""
    if not clause.node.body:
        return True
    calls = {n.name for n in clause.reads if isinstance(n, ast.Call) and registry.action(n.name)} - {"exit"}
    kept = any(isinstance(n, ast.AggRef) for n in clause.reads) or any(not scope for scope, _ in written(clause.node.body))
    return bool(calls) or kept


def is_alone(look: Look, clause: Clause, desc: ast.ProbeDesc) -> bool:
    """Whether a description matches nothing only because another one has the new name, though for another of its probes."""
    others = [d for other in look.clauses for d, _ in other.matches if d is not desc and d.name == desc.name]
    covered = look.machine.catalog.covered(desc, clause.literals)
    return covered is not None and not any(covered.endswith(f" {d.function} covers already") for d in others)


def is_destructive(call: ast.Call) -> bool:
    record = registry.action(call.name) or registry.subroutine(call.name)
    return bool(record and record.destructive)
