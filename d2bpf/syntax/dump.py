"""A stable text form of the tree, for --emit=ast and for tests.

One node a line: its class and what it holds that is not a node; below it, indented, its children under the names of
their fields. What is its field's default is left out, and None, "" and False where there is no default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields

from ..source import Span
from . import ast


def dump(node: ast.Node) -> str:
    """The tree under `node`, each line ended by a newline."""
    return "".join(line + "\n" for line in _lines(node))


def _lines(node: ast.Node) -> Iterator[str]:
    head, below = type(node).__name__, []
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name == "span" or _is_absent(value, field.default):
            continue
        if _holds_nodes(value):
            below.append((field.name, value))
        else:
            head += f" {field.name}={value!r}"
    yield head
    for name, value in below:
        yield f"  {name}:"
        for line in _value(value):
            yield "    " + line


def _is_absent(value: object, default: object) -> bool:
    if default is not MISSING:
        return value == default
    return value is None or value is False or value == ""


def _value(value: object) -> Iterator[str]:
    """A child, or a tuple of children and of tuples (declarator parts, enumerators, translations)."""
    if isinstance(value, Span):
        return
    if isinstance(value, ast.Node):
        yield from _lines(value)
    elif not isinstance(value, tuple):
        yield repr(value)
    elif not any(map(_holds_nodes, value)) and value:
        yield " ".join(map(repr, value))
    else:
        for element in value:
            lines = list(_value(element))
            if isinstance(element, tuple):
                lines = ["-"] + ["  " + line for line in lines]
            yield from lines


def _holds_nodes(value: object) -> bool:
    return isinstance(value, ast.Node) or (isinstance(value, tuple) and any(map(_holds_nodes, value)))
