"""Declarations outside of clauses: variables, types, typedefs (language.md 8.2, 8.4)."""

from __future__ import annotations

from ..diagnostics import Abandon
from ..dtypes import DType, Enum, Func, strip
from ..source import Span
from ..syntax import ast
from . import names
from .analysis import Analysis
from .checked import Symbol
from .relations import same_type, type_name


def declare(a: Analysis, item: ast.Declaration) -> None:
    """Enter what a declaration declares. Abandon after reporting; its names then count as known."""
    try:
        base = _base(a, item)
    except Abandon:
        for d in item.declarators:
            _spoil(a, item, d)
        raise
    for d in item.declarators:
        try:
            _declare(a, item, base, d)
        except Abandon:
            _spoil(a, item, d)


def _base(a: Analysis, item: ast.Declaration) -> DType:
    spec = item.spec
    if isinstance(spec, ast.StructType) and spec.members is None and not spec.module:
        pointed = all(any(p[0] == "pointer" for p in d.parts) for d in item.declarators)
        if not item.declarators or item.storage == "typedef" or pointed:
            return a.types.forward(spec.kind, spec.tag)
    return a.types.spec(spec)


def _spoil(a: Analysis, item: ast.Declaration, d: ast.Declarator) -> None:
    if item.storage == "typedef":
        a.types.spoilt.add(d.name)
    else:
        a.spoilt.add((item.storage if item.storage in ("self", "this") else "", d.name))


def _declare(a: Analysis, item: ast.Declaration, base: DType, d: ast.Declarator) -> None:
    if item.storage == "typedef":
        a.types.define(d.name, a.types.declared(base, d), d.span)
        return
    scope = item.storage if item.storage in ("self", "this") else ""
    keys: tuple[DType, ...] | None = None
    if d.parts and d.parts[0][0] == "assoc":
        keys = _keys(a, scope, d)
    t = a.types.declared(base, d, skip=0 if keys is None else 1)
    if isinstance(strip(t), Func):
        return  # a prototype; D has no functions of its own
    if item.storage == "extern" and scope == "":
        return
    a.types.require_object(t, d)
    _enter(a, scope, d, t, keys)


def _keys(a: Analysis, scope: str, d: ast.Declarator) -> tuple[DType, ...]:
    if scope == "this":
        raise a.error("D_DECL_LOCASSC", f"associative arrays may not be declared as local variables: {d.name}", d.span)
    params = d.parts[0][1]
    assert isinstance(params, tuple)
    return tuple(a.types.parameters(params, "associative array", d.span))


def _enter(a: Analysis, scope: str, d: ast.Declarator, t: DType, keys: tuple[DType, ...] | None) -> None:
    old = a.space(scope).get(d.name) if scope else names.find(a, d.name)
    if old is None and not scope and names.function_kind(d.name):
        raise a.error("D_DECL_IDRED", f"identifier redeclared: {d.name}", d.span)
    if old is not None:
        if old.kind not in ("global", "assoc", "self", "this") or not _same(old, t, keys):
            raise a.error("D_DECL_IDRED", f"identifier redeclared: {d.name}{_compare(old, t, keys)}", d.span)
        return
    kind = "assoc" if keys is not None else scope or "global"
    a.create(kind, scope, d.name, t, keys or ())


def _same(old: Symbol, t: DType, keys: tuple[DType, ...] | None) -> bool:
    if (old.kind == "assoc") != (keys is not None) or not same_type(old.type, t):
        return False
    return len(old.keys) == len(keys or ()) and all(map(same_type, old.keys, keys or ()))


def _compare(old: Symbol, t: DType, keys: tuple[DType, ...] | None) -> str:
    def shown(t: DType, keys: tuple[DType, ...]) -> str:
        return type_name(t) + (f" [{', '.join(map(type_name, keys))}]" if keys else "")

    if old.kind not in ("global", "assoc", "self", "this"):
        return ""
    return f"\n\t current: {shown(t, keys or ())}\n\tprevious: {shown(old.type, old.keys)}"


def enumerator(a: Analysis, name: str, enum: Enum, value: int, span: Span) -> None:
    """Enter an enumerator of a D enum into the global name space."""
    space = a.library if a.place.library else a.globals
    old = space.get(name)
    unfinished = old is not None and old.kind == "enumerator" and (old.type, old.value) == (enum, value)
    if old is not None and not unfinished:
        raise a.error("D_DECL_IDRED", f"identifier redeclared: {name}", span)
    space[name] = Symbol("enumerator", name, enum, value=value)
