"""Checks the IR's own rules before it is printed. A violation is a bug of the compiler, so it raises AssertionError."""

from __future__ import annotations

from .ops import Block, Checked, Emit, Fill, Handler, If, Key, Lookup, Place, Program, Read, Scope, Set, Tail, TailStart, Tmp
from .walk import place_bases, tmps_read

CONTEXT_PLACES = frozenset(("state", "self", "s", "local"))


def verify(program: Program) -> None:
    """Every local is set before it is read on every path, every place has a base, records are begun before they are sent."""
    for handler in program.handlers:
        known = set(handler.locals)
        _block(handler, handler.when, known)
        for clause in handler.clauses:
            _block(handler, clause.body, set(known))
        for clause in handler.error_clauses:
            _block(handler, clause.body, set(known))


def _block(handler: Handler, block: Block, known: set[str], begun: set[int] | None = None) -> None:
    begun = begun if begun is not None else set()
    for statement in block:
        for tmp in tmps_read(statement):
            assert tmp.name in known, f"{handler.name}: {tmp.name} is read before it is set"
        for place in place_bases(statement):
            _place(handler, place, known)
        match statement:
            case Set(tmp=Tmp(name=name)) | Read(tmp=Tmp(name=name)) | Checked(tmp=Tmp(name=name)):
                known.add(name)
            case Lookup(pointer=name):
                known.add(name)
            case If(then=then, other=other):
                _block(handler, then, set(known), begun)
                _block(handler, other, set(known), begun)
            case Scope(body=body):
                _block(handler, body, set(known), begun)
            case TailStart(record=record):
                begun.add(record)
            case Tail(record=record) | Fill(record=record):
                assert record in begun, f"{handler.name}: record {record} is filled before it is begun"
            case Emit(record=record, tailed=tailed):
                assert not tailed or record in begun, f"{handler.name}: record {record} is sent before it is begun"
            case Key(name=name):
                known.add(name)
            case _:
                pass


def _place(handler: Handler, place: Place, known: set[str]) -> None:
    assert place.base in CONTEXT_PLACES or place.base in known, f"{handler.name}: no place {place.base}"
