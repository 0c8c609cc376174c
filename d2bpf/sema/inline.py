"""Inlines: typed constants and parameterised expressions (language.md section 9)."""

from __future__ import annotations

from ..builtins import registry
from ..dtypes import Ptr, Translated, is_integer, strip
from ..syntax import ast
from .analysis import Analysis, Place
from .checked import Symbol
from .relations import assignable, same_type, type_name, wrap


def declare(a: Analysis, item: ast.Inline, library: bool = False) -> None:
    """Enter an inline. A library's value is typed when it is first used, a program's at once."""
    taken = item.name in a.globals
    if library:
        if taken:
            return  # the program's own meaning of the name wins
        a.of_library.add(item.name)
    elif (taken and item.name not in a.of_library) or registry.variable(item.name):
        raise a.error("D_DECL_IDRED", f"identifier redeclared: {item.name}", item)
    params = tuple(Symbol("param", p.declarator.name, a.name_type(p)) for p in item.params or ())
    symbol = Symbol("inline", item.name, a.name_type(item.type), inline=item, params=params)
    a.globals[item.name] = symbol
    a.inlines[symbol] = None
    if not library:
        settle(a, symbol)


def settle(a: Analysis, symbol: Symbol) -> None:
    """Type an inline's value, once. A translated value makes the inline itself translated."""
    if a.inlines.get(symbol) is not None or symbol.inline is None:
        return
    place = a.inlines[symbol] = Place(params={p.name: p for p in symbol.params})
    value = symbol.inline.value
    with a.at(place):
        t = a.value(value)
    declared = symbol.type
    if isinstance(t, Translated):
        shown = Ptr(t.to) if t.pointer else t.to
        if same_type(strip(declared), shown):
            symbol.type = t
            return
    if not assignable(declared, t, a.is_zero(value)):
        raise a.error(
            "D_OP_INCOMPAT",
            f'inline {symbol.name} definition uses incompatible types: "{type_name(declared)}" = "{type_name(t)}"',
            value,
        )


def use(a: Analysis, symbol: Symbol, at: ast.Expr) -> None:
    """Account for one use of an inline: its value is typed, its constant and the probe arguments it reads become the user's."""
    settle(a, symbol)
    place = a.inlines.get(symbol)
    if place is not None:
        a.place.used_argn |= place.used_argn
    if symbol.inline is not None and is_integer(symbol.type):
        value = a.constant(symbol.inline.value)
        if value is not None:
            a.set_constant(at, wrap(value, symbol.type))
