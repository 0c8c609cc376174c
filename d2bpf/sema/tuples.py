"""Key tuples: the indices of associative arrays, aggregations and parameterised inlines (language.md 8.2)."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import Abandon
from ..dtypes import Array, DType, Dynamic, String, Translated, is_char, strip
from ..syntax import ast
from .analysis import Analysis
from .checked import AggregationInfo, Symbol
from .relations import accepts, is_dynamic, is_void, type_name


def key_type(a: Analysis, key: ast.Expr, label: str, position: int) -> DType:
    """The type a key fixes at its first use. `label` is the name for the message; `position` counts from 0. Aggregations (label
    "@...") also take stacks and symbols."""
    if isinstance(key, ast.Call) and label.startswith("@"):
        t = a.type_of(key)  # stack(), sym(): actions that are keys
        if not a.actions or (len(a.actions) == 1 and a.actions[0] is key and is_dynamic(t)):
            a.actions.clear()
        else:
            raise a.not_a_value(a.actions[0])
    else:
        t = a.value(key)
    bad = isinstance(strip(t), Dynamic) or is_void(t) or isinstance(t, Translated)
    if bad or (is_dynamic(t) and not label.startswith("@")):
        raise a.error("D_KEY_TYPE", f"{type_name(t)} expression may not be used as {label} index: key #{position + 1}", key)
    return t if label.startswith("@") and not isinstance(strip(t), String) else _stored(a, t)


def _stored(a: Analysis, t: DType) -> DType:
    """The type a key of type `t` is kept as: text compares by content up to the NUL."""
    base = strip(t)
    if isinstance(base, Array) and is_char(base.of):
        return a.string(base.count + 1)
    return a.string() if isinstance(base, String) else t


def check(a: Analysis, label: str, prototype: Sequence[DType], keys: Sequence[ast.Expr], at: ast.Expr) -> None:
    """Match keys with the types a name was declared or first used with."""
    given = [key_type(a, k, label, i) for i, k in enumerate(keys)]
    if len(given) != len(prototype):
        raise length_mismatch(a, f"{label}[ ]", "key", len(given), f"{len(prototype)}", at)
    for i, (want, have) in enumerate(zip(prototype, given, strict=True)):
        if not accepts(want, have):
            raise a.error(
                "D_PROTO_ARG",
                f"{label}[ ] key #{i + 1} is incompatible with prototype:\n"
                f"\tprototype: {type_name(want)}\n\t      key: {type_name(have)}",
                keys[i],
            )


def length_mismatch(a: Analysis, name: str, what: str, given: int, expected: str, at: ast.Expr) -> Abandon:
    """D_PROTO_LEN: `name` is "f( )" or "x[ ]", `what` "arg" or "key", `expected` such as "at least 2"."""
    s = "" if given == 1 else "s"
    return a.error("D_PROTO_LEN", f"{name} prototype mismatch: {given} {what}{s} passed, {expected} expected", at)


def note(a: Analysis, owner: Symbol | AggregationInfo, keys: tuple[ast.Expr, ...]) -> None:
    """Remember that these expressions flow into the keys of `owner`, which must have room for their strings."""
    a.keyed.append((owner, keys))
