"""Which pointers lead to scratch memory: what alloca() and copyin() give, and what is computed from it (builtins.md 2.2)."""

from __future__ import annotations

from ..syntax import ast
from .analysis import Analysis

SOURCES = frozenset({"alloca", "copyin"})


def is_scratch(a: Analysis, e: ast.Expr) -> bool:
    """Whether a typed pointer may lead to scratch memory, by what has been assigned up to here."""
    if isinstance(e, ast.Call):
        return e.name in SOURCES
    if isinstance(e, (ast.Ident, ast.ScopedVar)) or (isinstance(e, ast.Index) and e in a.checked.symbols):
        symbol = a.checked.symbols.get(e)
        return symbol is not None and (symbol.kind == "param" or symbol in a.scratch)
    if isinstance(e, ast.Cast):
        return is_scratch(a, e.operand)
    if isinstance(e, ast.Unary):
        return e.op == "&" and _designates_scratch(a, e.operand)
    if isinstance(e, ast.Binary):
        return is_scratch(a, e.right) or (e.op != "," and is_scratch(a, e.left))
    if isinstance(e, ast.Cond):
        return is_scratch(a, e.then) or is_scratch(a, e.other)
    return isinstance(e, ast.Assign) and is_scratch(a, e.value)


def _designates_scratch(a: Analysis, e: ast.Expr) -> bool:
    """Whether an lvalue lies in scratch memory."""
    if isinstance(e, ast.MemberOf):
        return is_scratch(a, e.base) if e.arrow else _designates_scratch(a, e.base)
    if isinstance(e, ast.Index):
        return is_scratch(a, e.base)
    return isinstance(e, ast.Unary) and e.op == "*" and is_scratch(a, e.operand)
