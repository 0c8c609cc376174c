"""Arguments of the formatted actions against their format (output.md 4), and of the actions on aggregations (builtins.md 4.3,
4.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..builtins.spec import Action
from ..diagnostics import Abandon
from ..dtypes import Array, DType, Enum, Float, Int, Ptr, Stack, String, SymAddr, is_char, is_integer, strip
from ..formats import Conversion, FormatError, parse
from ..syntax import ast
from . import calls
from .analysis import Analysis
from .checked import AggregationInfo
from .relations import accepts, is_scalar, type_name


def check(a: Analysis, e: ast.Call, position: int) -> None:
    """printf( ), system( ), freopen( ): the argument at `position` is the format, those after it its values."""
    for x in e.args[:position]:
        a.value(x)
    text = _format(a, e, position)
    if text is None:
        return
    types = [calls.argument(a, x) for x in e.args[position + 1 :]]
    for conversion in _conversions(a, e, text, position):
        if conversion.aggregation:
            raise a.error("D_PRINTF_AGG_CONV", f"%@ conversion requires an aggregation and is not for use with {e.name}( )", e)
    _Arguments(a, e, types, position + 1).consume(_conversions(a, e, text, position), exactly=True)


def _format(a: Analysis, e: ast.Call, position: int) -> str | None:
    """The format text; None for one that is empty where that has a meaning."""
    node = e.args[position]
    t = a.value(node)
    if not isinstance(node, ast.StrLit):
        raise a.error(
            "D_PRINTF_ARG_FMT",
            f"{e.name}( ) argument #{position + 1} is incompatible with prototype:\n"
            f"\tprototype: string constant\n\t argument: {type_name(t)}",
            node,
        )
    text = node.value.split("\0")[0]
    if e.name == "freopen":
        _reserved_name(a, node, text)
        if not text:
            return None
    if not text:
        raise a.error("D_PRINTF_FMT_EMPTY", f"{e.name}( ) format string is empty", node)
    return text


def _reserved_name(a: Analysis, node: ast.StrLit, text: str) -> None:
    if text == "\1":  # what freopen("") is to dtrace's consumer
        raise a.error("D_FREOPEN_INVALID", f'freopen( ) argument #1 cannot be "{text}"', node)


def _conversions(a: Analysis, e: ast.Call, text: str, position: int) -> list[Conversion]:
    try:
        return [s for s in parse(text) if not isinstance(s, str)]
    except FormatError as problem:
        raise a.error("D_SYNTAX", problem.message, e.args[position]) from None


def _kinds(t: DType) -> Iterator[str]:
    """The kinds of formats.py that a type is."""
    t = strip(t)
    if isinstance(t, (Int, Enum)):
        yield "integer"
        if t.size <= 4:
            yield "small"
        yield {8: "time", 2: "port"}.get(t.size, "integer")
    elif isinstance(t, Ptr):
        yield "pointer"
    elif isinstance(t, String) or (isinstance(t, Array) and is_char(t.of)):
        yield "string"
    elif isinstance(t, Array) and is_integer(t.of) and t.of.size == 4:
        yield "wide"
    elif isinstance(t, Float):
        yield "float"
        if t.size == 16:
            yield "longdouble"
    elif isinstance(t, Stack):
        yield "stack"
    elif isinstance(t, SymAddr):
        yield "usym" if t.user else "sym"


class _Arguments:
    """The values after a format, taken one by one; `first` is the position of the first among the call's arguments."""

    def __init__(self, a: Analysis, e: ast.Call, types: Sequence[DType], first: int) -> None:
        self.a, self.e, self.types, self.first = a, e, types, first
        self.at = 0

    def consume(self, conversions: Sequence[Conversion], exactly: bool) -> None:
        for conversion in conversions:
            self._stars(conversion)
            if not conversion.aggregation:
                self._value(conversion)
        if exactly and self.at < len(self.types):
            raise self.a.error(
                "D_PRINTF_ARG_EXTRA",
                f"{self.e.name}( ) prototype mismatch: only {self.first + self.at} arguments required by this format string",
                self.e,
            )

    def _next(self) -> DType | None:
        self.at += 1
        return self.types[self.at - 1] if self.at <= len(self.types) else None

    def _stars(self, conversion: Conversion) -> None:
        for star, wanted in (("*", conversion.star_width), (".*", conversion.star_precision)):
            if not wanted:
                continue
            t, name = self._next(), conversion.row.name
            if t is None:
                raise self._error(
                    "D_PRINTF_DYN_PROTO",
                    f'prototype mismatch: conversion #{conversion.index} (%{name}) is missing a corresponding "{star}" argument',
                )
            if not is_integer(t):
                raise self._wrong("D_PRINTF_DYN_TYPE", conversion, f"% {star} {name}", "int", t)

    def _value(self, conversion: Conversion) -> None:
        t, row = self._next(), conversion.row
        if t is None:
            raise self._error(
                "D_PRINTF_ARG_PROTO",
                f"prototype mismatch: conversion #{conversion.index} (%{row.name}) is missing a corresponding value argument",
            )
        if not any(kind in row.accepts for kind in _kinds(t)):
            raise self._wrong("D_PRINTF_ARG_TYPE", conversion, f"%{row.name}", row.prototype, t)

    def _error(self, code: str, message: str) -> Abandon:
        return self.a.error(code, f"{self.e.name}( ) {message}", self.e)

    def _wrong(self, code: str, conversion: Conversion, shown: str, prototype: str, t: DType) -> Abandon:
        position = min(self.first + self.at, len(self.e.args))
        return self.a.error(
            code,
            f"{self.e.name}( ) argument #{self.first + self.at} is incompatible with conversion #{conversion.index} prototype:\n"
            f"\tconversion: {shown}\n\t prototype: {prototype}\n\t  argument: {type_name(t)}",
            self.e.args[position - 1],
        )


# ---------------------------------------------------------------- aggregations as arguments


def aggregation_arguments(a: Analysis, e: ast.Call, record: Action) -> None:
    """printa( ), clear( ), trunc( ), normalize( ), denormalize( )."""
    if e.name == "printa":
        _printa(a, e)
        return
    tag = {"denormalize": "NORMALIZE"}.get(e.name, e.name.upper())
    _aggregation(a, e, 0, f"D_{tag}")
    for x in e.args[1:]:
        if not is_scalar(a.value(x)):
            raise a.error(f"D_{tag}_SCALAR", f"{e.name}( ) argument #2 must be of scalar type", x)


def _aggregation(a: Analysis, e: ast.Call, i: int, tag: str) -> AggregationInfo:
    node = e.args[i]
    t = a.type_of(node)
    if not isinstance(node, ast.AggRef):
        raise a.error(
            f"{tag}_AGGARG",
            f"{e.name}( ) argument #{i + 1} is incompatible with prototype:\n\tprototype: aggregation\n\t argument: {type_name(t)}",
            node,
        )
    info = a.checked.aggregations.get(node.name)
    if info is None:
        if ("@", node.name) in a.spoilt:
            raise Abandon(node.name)
        raise a.error(f"{tag}_AGGBAD", f"undefined aggregation: @{node.name}", node)
    if node.keys is not None:
        raise a.error(
            f"{tag}_AGGARG",
            f"{e.name}( ) argument #{i + 1} is incompatible with prototype:\n"
            f"\tprototype: aggregation\n\t argument: aggregation element",
            node,
            f"an aggregation is named without keys here: @{node.name}",
        )
    return info


def _printa(a: Analysis, e: ast.Call) -> None:
    formatted = isinstance(e.args[0], ast.StrLit)
    if formatted and len(e.args) < 2:
        raise a.error("D_PRINTA_PROTO", "printa( ) prototype mismatch: 1 arg passed, at least 2 expected", e)
    infos = [_aggregation(a, e, i, "D_PRINTA") for i in range(int(formatted), len(e.args))]
    for other, node in zip(infos[1:], e.args[1 + formatted :], strict=True):
        _same_signature(a, node, infos[0], other)
    if formatted:
        text = _format(a, e, 0)
        assert text is not None
        _Arguments(a, e, infos[0].keys, 1).consume(_conversions(a, e, text, 0), exactly=False)


def _same_signature(a: Analysis, at: ast.Expr, first: AggregationInfo, other: AggregationInfo) -> None:
    if len(first.keys) != len(other.keys):
        raise a.error(
            "D_PRINTA_AGGKEY",
            f"printa( ): @{first.name} and @{other.name} do not have matching key signatures: "
            f"@{first.name} has {_count(first)}, @{other.name} has {_count(other)}",
            at,
        )
    for i, (x, y) in enumerate(zip(first.keys, other.keys, strict=True)):
        if not accepts(x, y):
            names = [f"@{info.name} key #{i + 1}: {type_name(t)}" for info, t in ((first, x), (other, y))]
            raise a.error(
                "D_PRINTA_AGGPROTO",
                f"printa( ): @{other.name}[ ] key #{i + 1} is incompatible with @{first.name}:\n\t{names[0]}\n\t{names[1]}",
                at,
            )


def _count(info: AggregationInfo) -> str:
    return f"{len(info.keys)} key{'' if len(info.keys) == 1 else 's'}"
