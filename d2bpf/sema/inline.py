"""Inlines: typed constants and parameterised expressions (language.md section 9)."""

from __future__ import annotations

from ..builtins import registry
from ..dtypes import Ptr, Translated, is_integer, strip
from ..syntax import ast
from .analysis import Analysis, Place
from .checked import Symbol
from .relations import assignable, same_type, type_name, wrap


def declare(a: Analysis, item: ast.Inline) -> None:
    """Enter an inline. A library's value is typed when it is first used, a program's at once."""
    library = a.place.library
    if not library and (item.name in a.globals or registry.variable(item.name)):
        raise a.error("D_DECL_IDRED", f"identifier redeclared: {item.name}", item)
    params = tuple(Symbol("param", p.declarator.name, a.name_type(p)) for p in item.params or ())
    symbol = Symbol("inline", item.name, a.name_type(item.type), inline=item, params=params)
    (a.library if library else a.globals)[item.name] = symbol
    a.inlines[symbol] = Place(library, {p.name: p for p in params})
    if not library:
        settle(a, symbol)


def settle(a: Analysis, symbol: Symbol) -> None:
    """Type an inline's value, once. A translated value makes the inline itself translated."""
    assert symbol.inline is not None
    value = symbol.inline.value
    if value in a.checked.types:
        return
    with a.at(a.inlines[symbol]):
        t = a.value(value)
    declared = symbol.type
    if isinstance(t, Translated):
        shown = Ptr(t.to) if t.pointer else t.to
        if same_type(strip(declared), shown):
            symbol.type = t
            return
    if not assignable(declared, t, a.is_zero(value)) and not same_type(declared, t):
        raise a.error(
            "D_OP_INCOMPAT",
            f'inline {symbol.name} definition uses incompatible types: "{type_name(declared)}" = "{type_name(t)}"',
            value,
        )


def use(a: Analysis, symbol: Symbol, at: ast.Expr) -> None:
    """Account for one use of an inline: its value is typed, its constant and the probe arguments it reads become the user's."""
    settle(a, symbol)
    assert symbol.inline is not None
    a.place.used_argn |= a.inlines[symbol].used_argn
    if is_integer(symbol.type):
        value = a.constant(symbol.inline.value)
        if value is not None:
            a.set_constant(at, wrap(value, symbol.type))
