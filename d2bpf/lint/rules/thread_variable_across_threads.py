"""A thread-local variable set by one probe and read by another that fires in other threads."""

from __future__ import annotations

from collections.abc import Iterator

from ...sema.names import walk
from ...syntax import ast
from ..look import Clause, Look
from ..rule import Found, Rule

# Pairs of probes of which the first fires in the thread that asks for something and the second wherever it is done.
_PAIRS = (
    (("io", "start"), ("io", "done"), "the interrupt of the disk comes in any thread", "key by arg0: start[arg0] = timestamp"),
    (("sched", "wakeup"), ("sched", "on-cpu"), "wakeup fires in the thread that wakes", "key by args[0]->pr_addr"),
    (("sched", "enqueue"), ("sched", "dequeue"), "both fire in whatever thread runs", "key by args[0]->pr_addr"),
    (("sched", "enqueue"), ("sched", "on-cpu"), "enqueue fires in the thread that wakes", "key by args[0]->pr_addr"),
    (("tcp", "send"), ("tcp", "receive"), "packets arrive in any thread", "key by args[1]->cs_cid"),
    (("ip", "send"), ("ip", "receive"), "packets arrive in any thread", "key by the addresses"),
)


def check(look: Look) -> Iterator[Found]:
    for (scope, name), places in look.written.items():
        if scope != "self":
            continue
        sources = {probe for clause, node in places for probe in _names(clause) if not _frees(node)}
        for clause in look.clauses:
            read = next((n for n in _reads(clause) if n.name == name), None)
            if read is None:
                continue
            for first, second, why, instead in _PAIRS:
                if sources == {first} and second in _names(clause):
                    yield Found(read, f"self->{name} is set in {_text(first)} and read in {_text(second)}: {why}", instead)


def _names(clause: Clause) -> set[tuple[str, str]]:
    return {(provider, name) for provider, _, name in clause.names()}


def _frees(node: ast.Node) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.IntLit) and node.value.value == 0


def _reads(clause: Clause) -> Iterator[ast.ScopedVar]:
    """Thread-local variables that a clause reads, not only assigns to."""
    stored = {node.target for node in clause.reads if isinstance(node, ast.Assign) and node.op == "="}
    for node in walk((clause.node.predicate, clause.node.body)):
        if isinstance(node, ast.ScopedVar) and node.scope == "self" and node not in stored:
            yield node


def _text(probe: tuple[str, str]) -> str:
    return f"{probe[0]}:::{probe[1]}"


RULE = Rule(
    code="L504",
    severity="warning",
    why="""
A thread-local variable belongs to the thread in which the probe fires. Here one probe sets it in one thread, and the probe
that reads it fires in another: for I/O in whatever thread the interrupt found running. The value is then missing, or that of
something else.
""",
    instead="""
Keep the value in an associative array, under a key that both probes know: arg0 of io probes is the same for start and done of one
request, args[0]->pr_addr tells a thread.
""",
    bad="io:::start { self->start = timestamp; }\n"
    "io:::done /self->start/ { @ = quantize(timestamp - self->start); self->start = 0; }",
    good="io:::start { start[arg0] = timestamp; }\n"
    "io:::done /start[arg0]/ { @ = quantize(timestamp - start[arg0]); start[arg0] = 0; }",
    check=check,
)
