"""Clause bodies: which statements there are, and the order they may stand in (language.md section 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import is_

from ..builtins import registry
from ..builtins.spec import Action
from ..diagnostics import Abandon
from ..dtypes import Translated
from ..syntax import ast
from . import aggregations, calls, names, translators
from .analysis import Analysis
from .standins import is_condition


@dataclass(slots=True)
class Order:
    """What has been done so far in the basic block. Each branch of an `if` and what follows it begins anew, as the clauses
    do that the original compiler cuts them into."""

    recorded: bool = False
    speculating: bool = False
    committed: bool = False


def body(a: Analysis, statements: tuple[ast.Stmt, ...]) -> tuple[ast.Stmt, ...]:
    """Check statements in order; an error in one does not keep the others from being checked. Gives the statements to run:
    the same tuple, unless _choose() has chosen."""
    order = Order()
    checked: list[ast.Stmt] = []
    for statement in statements:
        if isinstance(statement, ast.If):
            checked.append(_branch(a, statement))
            order = Order()
            continue
        assert isinstance(statement, ast.ExprStmt)
        try:
            chosen = _choose(a, statement.expr)
            _statement(a, chosen, order)
            checked.append(statement if chosen is statement.expr else ast.ExprStmt(chosen.span, chosen))
        except Abandon:
            spoil(a, statement)
    return statements if len(checked) == len(statements) and all(map(is_, checked, statements)) else tuple(checked)


def _branch(a: Analysis, statement: ast.If) -> ast.If:
    try:
        condition(a, statement.test)
    except Abandon:
        spoil(a, statement.test)
    then, other = body(a, statement.then), body(a, statement.other)
    if then is statement.then and other is statement.other:
        return statement
    return replace(statement, then=then, other=other)


def _choose(a: Analysis, e: ast.Expr) -> ast.Expr:
    """Of `constant ? action : other` as a statement, the part that is meant. Old scripts switch what they print and count on and
    off so; an action or aggregation under a condition that is not constant is an error."""
    if not isinstance(e, ast.Cond) or not any(map(_acts, (e.then, e.other))):
        return e
    test = a.fold(e.test)
    if test is None:
        return e
    return _choose(a, e.then if test else e.other)


def _acts(e: ast.Expr) -> bool:
    """Whether an expression can only be a statement."""
    match e:
        case ast.Call():
            return registry.action(e.name) is not None
        case ast.Assign():
            return isinstance(e.target, ast.AggRef)
        case ast.Cond():
            return _acts(e.then) or _acts(e.other)
        case _:
            return False


def condition(a: Analysis, e: ast.Expr) -> None:
    """Check the condition of a clause or an `if`."""
    outer, a.actions = a.actions, []
    try:
        if not is_condition(a, e):
            raise a.error("D_PRED_SCALAR", "predicate result must be of scalar type", e)
        if a.actions:
            raise a.not_a_value(a.actions[0])
    finally:
        a.actions = outer


def spoil(a: Analysis, node: ast.Node) -> None:
    """Count a construct in error, and remember the names it would have declared, so that their uses are not errors too."""
    a.abandoned += 1
    for scope, name in names.written(node):
        known = a.checked.aggregations if scope == "@" else a.space(scope)
        if name not in known:
            a.spoilt.add((scope, name))


def _statement(a: Analysis, e: ast.Expr, order: Order) -> None:
    if isinstance(e, ast.Assign) and isinstance(e.target, ast.AggRef):
        aggregations.assign(a, e)
        if order.committed:
            raise a.error("D_AGG_COMM", "aggregating actions may not follow commit( )", e)
        if order.speculating:
            raise a.error("D_AGG_SPEC", "aggregating actions may not follow speculate( )", e)
    elif isinstance(e, ast.AggRef):
        aggregations.reference(a, e)
    elif isinstance(e, ast.Call) and registry.subroutine(e.name) is None and registry.action(e.name) is not None:
        a.checked.types[e] = calls.action(a, e)
        record = registry.action(e.name)
        assert record is not None
        _ordered(a, e, record, order)
    else:
        t = a.value(e)
        if isinstance(t, Translated):
            translators.settle_all(a, e, t)
    if order.speculating:
        _no_destruction(a, e)


def _no_destruction(a: Analysis, e: ast.Expr) -> None:
    for call in _calls(e):
        record = registry.subroutine(call.name) or registry.action(call.name)
        if record is not None and record.destructive:
            raise a.error("D_ACT_SPEC", "destructive actions may not follow speculate( )", call)


def _calls(e: ast.Expr) -> Iterator[ast.Call]:
    return (n for n in names.walk(e) if isinstance(n, ast.Call))


def _ordered(a: Analysis, e: ast.Call, record: Action, order: Order) -> None:
    """Report an action in the wrong place, and note what it means for those after it."""
    if e.name == "speculate":
        if order.speculating:
            raise a.error("D_SPEC_SPEC", "speculate( ) may not follow speculate( )", e)
        if order.committed:
            raise a.error("D_SPEC_COMM", "speculate( ) may not follow commit( )", e)
        if order.recorded:
            raise a.error("D_SPEC_DREC", "speculate( ) may not follow data-recording action(s)", e)
        order.speculating = True
    elif e.name == "commit":
        if order.recorded:
            raise a.error("D_COMM_DREC", "commit( ) may not follow data-recording action(s)", e)
        order.committed = True
    elif e.name == "exit" and order.speculating:
        raise a.error("D_EXIT_SPEC", "exit( ) may not follow speculate( )", e)
    elif record.records and e.name != "discard":
        if order.committed:
            raise a.error("D_DREC_COMM", "data-recording actions may not follow commit( )", e)
        order.recorded = True
