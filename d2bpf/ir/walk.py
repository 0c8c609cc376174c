"""Walks over the IR: nested statements, and the expressions they evaluate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from . import ops


def statements(block: ops.Block) -> Iterator[ops.Stmt]:
    """Every statement of a block, nested ones included."""
    for s in block:
        yield s
        match s:
            case ops.If(then=then, other=other):
                yield from statements(then)
                yield from statements(other)
            case ops.Scope(body=body):
                yield from statements(body)
            case _:
                pass


def subexpressions(e: object) -> Iterator[ops.Expr]:
    """An expression and all it is made of; tuples of expressions and places too."""
    if isinstance(e, tuple):
        for item in e:
            yield from subexpressions(item)
    elif isinstance(e, ops.Place):
        yield from subexpressions(e.at)
    elif isinstance(e, ops.Expr):
        yield e
        for f in fields(e):  # type: ignore[arg-type]
            yield from subexpressions(getattr(e, f.name))


def own_expressions(s: ops.Stmt) -> Iterator[ops.Expr]:
    """The expressions a statement itself evaluates, not those of statements nested in it. Targets are not among them."""
    for f in fields(s):  # type: ignore[arg-type]
        if f.name == "tmp":
            continue
        value = getattr(s, f.name)
        if isinstance(s, ops.Emit) and f.name == "stores":
            for store in s.stores:
                yield from subexpressions((store.value, store.other))
        elif isinstance(s, ops.Fill) and f.name == "store":
            yield from subexpressions((s.store.value, s.store.other))
        else:
            yield from subexpressions(value)


def expressions(block: ops.Block) -> Iterator[ops.Expr]:
    """Every expression that a block evaluates."""
    for s in statements(block):
        if isinstance(s, ops.Set):
            yield from subexpressions(s.value)
        else:
            yield from own_expressions(s)


def tmps_read(s: ops.Stmt) -> Iterator[ops.Tmp]:
    return (e for e in own_expressions(s) if isinstance(e, ops.Tmp))


def place_bases(s: ops.Stmt) -> Iterator[ops.Place]:
    """Every place that a statement reads, writes or takes the address of."""
    for e in own_expressions(s):
        if isinstance(e, (ops.Get, ops.Address)):
            yield e.place
    for f in fields(s):  # type: ignore[arg-type]
        value = getattr(s, f.name)
        if isinstance(value, ops.Place):
            yield value


def can_fault(block: ops.Block) -> bool:
    """Whether anything in a block can abort the clause."""
    return any(
        isinstance(s, (ops.Read, ops.Checked, ops.Fault, ops.Bound)) or (isinstance(s, ops.Tail) and s.how != "literal")
        for s in statements(block)
    )
