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
    """An expression and all it is made of, in order, each before its parts; tuples of expressions and places too."""
    waiting = [e]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ops.Expr):
            yield one
            waiting.extend([part for name in reversed(_names(one)) if isinstance(part := getattr(one, name), _WITH_PARTS)])
        elif isinstance(one, tuple):
            waiting.extend(reversed(one))
        elif isinstance(one, ops.Place):
            waiting.append(one.at)


_WITH_PARTS = (ops.Expr, tuple, ops.Place)


def _names(node: object) -> tuple[str, ...]:
    kind = type(node)
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = tuple(f.name for f in fields(kind))  # type: ignore[arg-type]
    return names


_NAMES: dict[type, tuple[str, ...]] = {}  # of the fields, by class: looking them up takes longer than the walk


def own_expressions(s: ops.Stmt) -> Iterator[ops.Expr]:
    """The expressions a statement itself evaluates, not those of statements nested in it. Targets are not among them."""
    for name in _names(s):
        if name == "tmp":
            continue
        value = getattr(s, name)
        if isinstance(s, ops.Emit) and name == "stores":
            for store in s.stores:
                yield from subexpressions((store.value, store.other))
        elif isinstance(s, ops.Fill) and name == "store":
            yield from subexpressions((s.store.value, s.store.other))
        elif isinstance(value, _WITH_PARTS):
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
    for name in _names(s):
        value = getattr(s, name)
        if isinstance(value, ops.Place):
            yield value


def can_fault(block: ops.Block) -> bool:
    """Whether anything in a block can abort the clause."""
    return any(
        isinstance(s, (ops.Read, ops.Checked, ops.Fault, ops.Bound)) or (isinstance(s, ops.Tail) and s.how != "literal")
        for s in statements(block)
    )
