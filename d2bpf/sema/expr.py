"""Typing of expressions: one function per kind of node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..dtypes import INT, DType, Dynamic, String
from ..syntax import ast
from . import access, calls, names, operators, translators
from .analysis import Analysis
from .relations import literal_type, wrap


def check(a: Analysis, e: ast.Expr) -> DType:
    """The type of an expression whose type is not in the table yet. Abandon after reporting an error in it."""
    return _KINDS[type(e)](a, e)


def _integer(a: Analysis, e: ast.IntLit) -> DType:
    t = INT if e.is_char and e.value < 1 << 31 else literal_type(e.value, e.suffix, e.decimal)
    a.set_constant(e, wrap(e.value, t))
    return t


def _text(a: Analysis, e: ast.StrLit) -> DType:
    return String(len(e.value.split("\0")[0]) + 1)


def _aggregation(a: Analysis, e: ast.AggRef) -> DType:
    return Dynamic("aggregation")


_KINDS: dict[type[ast.Expr], Callable[[Analysis, Any], DType]] = {
    ast.IntLit: _integer,
    ast.StrLit: _text,
    ast.Ident: names.ident,
    ast.KernelSym: names.kernel_symbol,
    ast.ScopedVar: names.scoped,
    ast.AggRef: _aggregation,
    ast.Unary: operators.unary,
    ast.Postfix: operators.step,
    ast.Binary: operators.binary,
    ast.Assign: operators.assign,
    ast.Cond: operators.conditional,
    ast.Call: calls.call,
    ast.Index: access.index,
    ast.MemberOf: access.member,
    ast.Cast: access.cast,
    ast.SizeofType: access.sizeof_type,
    ast.SizeofExpr: access.sizeof_expr,
    ast.Offsetof: access.offsetof,
    ast.Stringof: access.stringof,
    ast.Xlate: translators.xlate,
}
