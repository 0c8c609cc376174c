"""Values during lowering: what a D expression is at run time.

An integer or pointer is a Word. Strings stay in the form they have (a literal, the process name, a place, a user address) until
something needs their bytes, so that `printf("%s", copyinstr(arg0))` copies once, straight into the record.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..dtypes import DType, Stack, SymAddr
from . import ops


@dataclass(slots=True)
class Value:
    """Base of values. `type` is the D type of the expression."""

    type: DType


@dataclass(slots=True)
class Word(Value):
    """An integer, enum or pointer as a 64-bit word, extended as its type says where it was last stored or loaded."""

    expr: ops.Expr


@dataclass(slots=True)
class Text(Value):
    """A string of at most `capacity` bytes with its NUL.

    form       members      meaning
    literal    text         a constant
    comm                    name of the current process; 16 zero-padded bytes by helper
    probe      part         prov, mod, func or name of the firing probe: an interned id
    memory     address      NUL-terminated bytes at a kernel or own address; 0 is NULL. `zero_padded` when the bytes after
                            the NUL up to capacity are zeros
    window     address      as memory, in a scratch window of 2 * (STRMASK + 1) bytes that looping string functions need
    user       address      NUL-terminated user memory, not yet copied; it is read where the value is used
    """

    form: str
    capacity: int
    text: bytes = b""
    part: str = ""
    address: ops.Expr = ops.ZERO
    place: ops.Place | None = None
    stable: bool = True  # False: the memory is a variable's and may change before the clause ends


@dataclass(slots=True)
class Region(Value):
    """A struct, union or array in memory, by address. `own` memory (variables, scratch) is written directly at `place`."""

    address: ops.Expr
    place: ops.Place | None = None


@dataclass(slots=True)
class Frames(Value):
    """stack(), ustack(), jstack(): taken where it is recorded."""

    stack: Stack


@dataclass(slots=True)
class SymbolAddress(Value):
    """sym(), usym() and their like: an address (and the process for user addresses) that becomes text in user space."""

    sym: SymAddr
    address: ops.Expr


@dataclass(slots=True)
class Translation(Value):
    """args[n] or xlate of a translated type: only its members have values. `source` is the value handed to the translator."""

    translator: object
    source: Value


@dataclass(slots=True)
class Nothing(Value):
    """A void expression."""
