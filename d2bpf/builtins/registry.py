"""Finds built-ins by name; a built-in is the module of its name in one of four folders.

Names that begin with two underscores serve the provider libraries; other modules that begin with one are no built-ins.
Modules are imported one by one, when a script names them: a start-up that uses three built-ins pays for three.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import Any

from .spec import Action, Aggregating, Subroutine, Variable

KINDS = {"variables": "VARIABLE", "subroutines": "SUBROUTINE", "actions": "ACTION", "aggregations": "AGGREGATION"}


@cache
def names(kind: str) -> frozenset[str]:
    """All built-ins of a kind ("variables", "subroutines", "actions", "aggregations")."""
    found = set()
    folder = os.path.join(os.path.dirname(__file__), kind)
    for entry in os.listdir(folder):
        stem = entry.removesuffix(".py")
        hidden = stem.startswith("_") and not (stem.startswith("__") and not stem.endswith("__"))
        if not hidden and (stem != entry or "." not in entry):  # a module, or a folder that holds one
            found.add(stem)
    return frozenset(found)


@cache
def _find(kind: str, name: str) -> Any:
    if name not in names(kind):
        return None
    return getattr(import_module(f"{__package__}.{kind}.{name}"), KINDS[kind])


def variable(name: str) -> Variable | None:
    return _find("variables", name)  # type: ignore[no-any-return]


def subroutine(name: str) -> Subroutine | None:
    return _find("subroutines", name)  # type: ignore[no-any-return]


def action(name: str) -> Action | None:
    return _find("actions", name)  # type: ignore[no-any-return]


def aggregating(name: str) -> Aggregating | None:
    return _find("aggregations", name)  # type: ignore[no-any-return]
