"""What the parser must know about the world around a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ._ply import Store
from .macros import MacroEnv


def no_types(name: str, module: str) -> bool:
    """An `is_type` for when nothing is known about the kernel's types."""
    return False


@dataclass(slots=True)
class ParseEnv:
    """Settings of a parse, and what one program leaves for the next.

    `is_type(name, module)` tells whether a name is a typedef of that module ("" for any); D's own typedefs need not be
    in it. `typedefs` are those that D source declared; parsing adds to it. `level` is what the right-most field of a
    description is: "name", "function", "module" or "provider". `pspec` prefers descriptions over declarations where
    a word could start either. `empty` permits a program of nothing. `library` marks a library file (depends_on).
    `set_option(name, value)` is called for each `#pragma D option` as it is met, and returns None or what is wrong;
    the callee may change this ParseEnv (defaultargs, pspec, empty). `store` keeps the parser's tables between runs; without
    one, the first parse in a process takes a tenth of a second more.
    """

    macros: MacroEnv = field(default_factory=MacroEnv)
    is_type: Callable[[str, str], bool] = no_types
    typedefs: set[str] = field(default_factory=set)
    level: str = "name"
    pspec: bool = False
    empty: bool = False
    library: bool = False
    set_option: Callable[[str, str | None], str | None] | None = None
    store: Store | None = None
