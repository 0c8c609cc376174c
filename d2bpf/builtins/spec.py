"""Records that describe D's built-ins. One module per built-in, named like it, in variables/, subroutines/, actions/ or
aggregations/, holding one record: VARIABLE, SUBROUTINE, ACTION or AGGREGATION. registry.py imports a module only when a script
names it.

Each record carries everything about its built-in: prototype (checked by sema), how it is lowered, its fidelity and platforms.
Functions take a Builder (lower/builder.py) and return ir values; those of C helpers live in NAME.bpf.h beside the module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..dtypes import DType
    from ..syntax import ast

# check(args as AST nodes, their D types, folded constants or None, report) -> None. `report(code, message, argument index)` raises.
Report = Callable[[str, str, int], None]
Check = Callable[[Sequence["ast.Expr"], Sequence["DType"], Sequence["int | None"], Report], None]


@dataclass(frozen=True, slots=True)
class Variable:
    """`type` is D type text; `capacity` bounds a string variable's bytes with the NUL (0: strsize). `index` is the D type of
    the index for arrays such as uregs[], `elements` how many they have (0: not fixed). `lower(b)` (or `lower(b, index)`)
    gives its value."""

    name: str
    type: str
    doc: str
    platforms: str = "SFMO"
    capacity: int = 0
    index: str = ""
    elements: int = 0
    fidelity: str = "exact"
    note: str = ""
    lower: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Subroutine:
    """`prototype` is written as in builtins.md, e.g. "string substr(const char *, int, [int])": brackets mark optional
    arguments, `@` any value, `...` any more. `capacity(caps, strsize)` bounds a string result from the capacities of the string
    arguments (0 for others). `scratch` are the positions of arguments that must point to scratch memory (alloca(), copyin()).
    `lower(b, call)` gives the value."""

    name: str
    prototype: str
    doc: str
    platforms: str = "SFMO"
    destructive: bool = False
    scratch: tuple[int, ...] = ()
    check: Check | None = None
    capacity: Callable[[Sequence[int], int], int] | None = None
    fidelity: str = "exact"
    note: str = ""
    lower: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """`records`: the action puts data (at least a record) into the buffer. `formatted`: index of its format argument or None.
    `aggregates`: it works on aggregations (printa, clear ...), which are named without keys. `result` is D type text of what it
    evaluates to when used as a key or argument (stack, sym): "" for void."""

    name: str
    prototype: str
    doc: str
    platforms: str = "SFMO"
    destructive: bool = False
    records: bool = True
    formatted: int | None = None
    aggregates: bool = False
    result: str = ""
    refused: str = ""  # why it cannot be translated; sema reports X_ACTION with this text
    check: Check | None = None
    fidelity: str = "exact"
    note: str = ""
    lower: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Aggregating:
    """`words(params)` is the number of 64-bit words of one entry per CPU. `params(args, types, constants, report)` checks all
    arguments, the value included, and returns the constant parameters (lquantize: base, limit, step) as a tuple; `matches`
    gives for each of them the tag and the words of the error when a later use has another value. `increment` is the position of
    the optional increment among the arguments (0: there is none). `lower(b, value, increment, params)` is the C-level update."""

    name: str
    prototype: str
    doc: str
    words: Callable[[Sequence[int]], int]
    params: Callable[..., tuple[int, ...]] | None = None
    matches: tuple[tuple[str, str], ...] = ()
    increment: int = 0
    platforms: str = "SFMO"
    lower: Callable[..., Any] | None = None
