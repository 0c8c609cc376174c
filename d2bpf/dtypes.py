"""D types: plain values, equal when they mean the same type.

Sizes are in bytes, bit-field positions in bits. The data model is LP64 (language.md section 6). A struct's members
may be filled in late (`Struct.members` is a callable result cached in the object), because a kernel type such as
task_struct is hundreds of types deep and a script uses three members of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


class DType:
    """Base of all D types. `size` is in bytes (0 for void, functions and types of no fixed size)."""

    __slots__ = ()
    size: int

    def __str__(self) -> str:  # pragma: no cover - every concrete type overrides it
        raise TypeError(type(self).__name__)


@dataclass(frozen=True, slots=True)
class Void(DType):
    size = 0

    def __str__(self) -> str:
        return "void"


@dataclass(frozen=True, slots=True)
class Int(DType):
    """An integer type. `name` is how it was spelled (int, uint64_t is a Typedef to this), size 1, 2, 4 or 8."""

    name: str
    size: int
    signed: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Float(DType):
    name: str
    size: int

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Ptr(DType):
    """A pointer; the address space is the kernel's unless the value came from user space (language.md 7.2)."""

    to: DType
    size = 8

    def __str__(self) -> str:
        text = str(self.to)
        return text + "*" if text.endswith("*") else text + " *"


@dataclass(frozen=True, slots=True)
class Array(DType):
    of: DType
    count: int

    @property
    def size(self) -> int:  # type: ignore[override]
        return self.of.size * self.count

    def __str__(self) -> str:
        inner: DType = self
        dims = ""
        while isinstance(inner, Array):
            dims += f" [{inner.count}]" if not dims else f"[{inner.count}]"
            inner = inner.of
        return f"{inner}{dims}"


@dataclass(frozen=True, slots=True)
class Member:
    """A struct or union member: `offset` in bits from the start, `bits` > 0 for a bit-field. Anonymous members have
    name ""; look-ups descend into them."""

    name: str
    type: DType
    offset: int
    bits: int = 0


@dataclass(slots=True, eq=False)
class StructBody:
    """What a struct holds, shared by every Struct value that names it. `load` is called once, on first need."""

    size: int
    load: Callable[[], tuple[Member, ...]] | None = None
    members: tuple[Member, ...] | None = None

    def get(self) -> tuple[Member, ...]:
        if self.members is None:
            self.members = self.load() if self.load else ()
        return self.members


@dataclass(frozen=True, slots=True)
class Struct(DType):
    """A struct or union. Two are equal when kind, tag and origin are; anonymous ones carry a unique tag "(anon N)".

    `origin` is "kernel" for types of the running kernel's BTF (offsets are resolved by name on the machine the
    program runs on), "d" for those declared in D source, whose layout is fixed by the C ABI. `body` is None for a
    forward declaration."""

    kind: str  # "struct" | "union"
    tag: str
    origin: str = "d"
    body: StructBody | None = field(default=None, compare=False, hash=False, repr=False)

    @property
    def size(self) -> int:  # type: ignore[override]
        return self.body.size if self.body else 0

    def __str__(self) -> str:
        return self.kind if self.tag.startswith("(anon") else f"{self.kind} {self.tag}"


@dataclass(frozen=True, slots=True)
class Enum(DType):
    tag: str
    values: tuple[tuple[str, int], ...] = field(default=(), compare=False, hash=False, repr=False)
    size: int = 4
    signed: bool = True

    def __str__(self) -> str:
        return f"enum {self.tag}" if self.tag and not self.tag.startswith("(anon") else "enum"


@dataclass(frozen=True, slots=True)
class Typedef(DType):
    """A name for a type. It compares by name and target; use strip() to see through it."""

    name: str
    to: DType

    @property
    def size(self) -> int:  # type: ignore[override]
        return self.to.size

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class String(DType):
    """D's string: a value of up to `capacity` bytes including the NUL. All capacities are one and the same D type, so
    compare with isinstance or same_type(), and use the capacity for storage only."""

    capacity: int

    @property
    def size(self) -> int:  # type: ignore[override]
        return self.capacity

    def __str__(self) -> str:
        return "string"


@dataclass(frozen=True, slots=True)
class Func(DType):
    ret: DType
    params: tuple[DType, ...] = ()
    variadic: bool = False
    size = 0

    def __str__(self) -> str:
        return f"{self.ret} ({', '.join(map(str, self.params))})"


@dataclass(frozen=True, slots=True)
class Stack(DType):
    """Result of stack(), ustack(), jstack(): `frames` program counters; a user stack also holds the process id."""

    user: bool
    frames: int

    @property
    def size(self) -> int:  # type: ignore[override]
        return 8 * (self.frames + 1) if self.user else 8 * self.frames

    def __str__(self) -> str:
        return "stack"


@dataclass(frozen=True, slots=True)
class SymAddr(DType):
    """Result of sym, func, mod (kernel) and usym, ufunc, umod, uaddr (user); `what` is the subroutine's name."""

    what: str

    @property
    def user(self) -> bool:
        return self.what.startswith("u")

    @property
    def size(self) -> int:  # type: ignore[override]
        return 16 if self.user else 8

    def __str__(self) -> str:
        return "_usymaddr" if self.user else "_symaddr"


@dataclass(frozen=True, slots=True)
class Dynamic(DType):
    """The type of aggregations, of void action calls, and of anything with no value."""

    what: str = "dynamic"
    size = 0

    def __str__(self) -> str:
        return f"<{self.what}>"


@dataclass(frozen=True, slots=True)
class Translated(DType):
    """A value of type `to` (a struct) that exists only through a translator from `source`; args[0] of io:::start is one.
    Only member access computes anything. `pointer` is False for the struct value that `xlate <D> (e)` and fds[n] give."""

    to: Struct | Typedef
    source: DType
    pointer: bool = True
    size = 0

    def __str__(self) -> str:
        return f"{self.to} *" if self.pointer else str(self.to)


VOID = Void()
CHAR, SHORT, INT, LONG, LONGLONG = (
    Int("char", 1, True),
    Int("short", 2, True),
    Int("int", 4, True),
    Int("long", 8, True),
    Int("long long", 8, True),
)
UCHAR, USHORT, UINT, ULONG, ULONGLONG = (
    Int("unsigned char", 1, False),
    Int("unsigned short", 2, False),
    Int("unsigned int", 4, False),
    Int("unsigned long", 8, False),
    Int("unsigned long long", 8, False),
)
INT64, UINT64 = Typedef("int64_t", LONG), Typedef("uint64_t", ULONG)


def strip(t: DType) -> DType:
    """The type behind any typedefs."""
    while isinstance(t, Typedef):
        t = t.to
    return t


def is_integer(t: DType) -> bool:
    return isinstance(strip(t), (Int, Enum))


def is_signed(t: DType) -> bool:
    t = strip(t)
    return isinstance(t, (Int, Enum)) and t.signed


def is_pointer(t: DType) -> bool:
    return isinstance(strip(t), (Ptr, Array))


def is_string(t: DType) -> bool:
    return isinstance(strip(t), String)


def is_char(t: DType) -> bool:
    t = strip(t)
    return isinstance(t, Int) and t.size == 1


def is_string_compatible(t: DType) -> bool:
    """string, char * or char []: what stringof, string functions and string comparison take (language.md 7.2)."""
    t = strip(t)
    if isinstance(t, Ptr):
        return is_char(t.to)
    return isinstance(t, String) or (isinstance(t, Array) and is_char(t.of))


def is_scalar(t: DType) -> bool:
    """Integer, pointer or enum; a string is not scalar."""
    return is_integer(t) or isinstance(strip(t), Ptr)


def find_member(t: Struct, name: str) -> Member | None:
    """The member called `name` with its offset from the start of `t`, also through anonymous members."""
    if t.body is None:
        return None
    for m in t.body.get():
        if m.name == name:
            return m
        inner = strip(m.type)
        if not m.name and isinstance(inner, Struct):
            found = find_member(inner, name)
            if found:
                return Member(found.name, found.type, found.offset + m.offset, found.bits)
    return None
