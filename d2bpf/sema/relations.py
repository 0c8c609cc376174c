"""Relations between D types: what is arithmetic, what an operator makes of two types, what may be assigned, passed or
cast (language.md 6.2, 7.2). Pure functions on types; constants come in as `zero` flags."""

from __future__ import annotations

from ..dtypes import (
    CHAR,
    INT,
    LONG,
    LONGLONG,
    UINT,
    ULONG,
    ULONGLONG,
    Array,
    DType,
    Dynamic,
    Enum,
    Float,
    Func,
    Int,
    Ptr,
    Stack,
    String,
    Struct,
    SymAddr,
    Translated,
    Typedef,
    Void,
    is_char,
    is_integer,
    is_string,
    is_string_compatible,
    strip,
)

SIZE_T = Typedef("size_t", ULONG)
PTRDIFF_T = Typedef("ptrdiff_t", LONG)

DECIMAL_TYPES = (INT, LONG, LONGLONG)
ANY_BASE_TYPES = (INT, UINT, LONG, ULONG, LONGLONG, ULONGLONG)


def type_name(t: DType) -> str:
    """A type as dtrace's messages spell it."""
    return t.what if isinstance(t, Dynamic) else str(t)


def literal_type(value: int, suffix: str, decimal: bool) -> DType:
    """The type of an integer constant: the first of its list that holds the value (language.md 6.1)."""
    types = DECIMAL_TYPES if decimal and "u" not in suffix else ANY_BASE_TYPES
    longs = suffix.count("l")
    for t in types:
        if "u" in suffix and t.signed:
            continue
        if (longs and t.size < 8) or (longs == 2 and "long long" not in t.name):
            continue
        if in_range(value, t):
            return t
    return ULONGLONG


def in_range(value: int, t: DType) -> bool:
    return wrap(value, t) == value


def wrap(value: int, t: DType) -> int:
    """`value` as it comes out of a variable of integer or pointer type `t`."""
    t = strip(t)
    bits = min(t.size, 8) * 8 or 64
    value &= (1 << bits) - 1
    if isinstance(t, (Int, Enum)) and t.signed and value >> (bits - 1):
        value -= 1 << bits
    return value


def is_dynamic(t: DType) -> bool:
    """Values that exist only as statements, printf arguments or keys, or not at all."""
    t = strip(t)
    return isinstance(t, (Dynamic, Stack, SymAddr)) or (isinstance(t, Translated) and not t.pointer)


def is_void(t: DType) -> bool:
    return isinstance(strip(t), Void)


def is_arithmetic(t: DType) -> bool:
    return is_integer(t)


def is_address(t: DType) -> bool:
    """Pointer or array."""
    return isinstance(strip(t), (Ptr, Array, Translated))


def is_scalar(t: DType) -> bool:
    """Integer, enum or pointer; neither string nor array."""
    return is_integer(t) or isinstance(strip(t), (Ptr, Translated))


def pointee(t: DType) -> DType | None:
    """What a pointer points to or an array holds; None for other types."""
    t = strip(t)
    if isinstance(t, Ptr):
        return t.to
    return t.of if isinstance(t, Array) else None


def decay(t: DType) -> DType:
    """An array as the pointer to its first element that most operators see."""
    base = strip(t)
    return Ptr(base.of) if isinstance(base, Array) else t


def is_incomplete(t: DType) -> bool:
    """A structure or union that is only forward declared so far."""
    t = strip(t)
    return isinstance(t, Struct) and (t.body is None or (t.body.members is None and t.body.load is None))


def same_type(a: DType, b: DType) -> bool:
    """The same type behind its names. Integers agree by size and signedness, strings of any capacity are one type."""
    a, b = strip(a), strip(b)
    if isinstance(a, Int) and isinstance(b, Int):
        return a.size == b.size and a.signed == b.signed
    if isinstance(a, String) and isinstance(b, String):
        return True
    if isinstance(a, Ptr) and isinstance(b, Ptr):
        return same_type(a.to, b.to)
    if isinstance(a, Array) and isinstance(b, Array):
        return a.count == b.count and same_type(a.of, b.of)
    if isinstance(a, Struct) and isinstance(b, Struct):
        return a == b or (a.kind == b.kind and a.tag == b.tag and not a.tag.startswith("(anon"))
    if isinstance(a, Func) and isinstance(b, Func):
        return same_type(a.ret, b.ret) and all(map(same_type, a.params, b.params))
    return a == b


def promote(a: DType, b: DType) -> DType:
    """The type two arithmetic operands are brought to: the one of higher rank, rank = width * 2 + unsigned."""
    return b if _rank(a) < _rank(b) else as_int(a)


def as_int(t: DType) -> DType:
    """Enums take part in arithmetic as int."""
    return INT if isinstance(strip(t), Enum) else t


def _rank(t: DType) -> int:
    t = strip(as_int(t))
    return t.size * 2 + (isinstance(t, Int) and not t.signed)


def pointers_agree(a: DType, b: DType) -> bool:
    """Whether a pointer or array goes with another, or with an integer (language.md 6.2, 7.2)."""
    x, y = pointee(a), pointee(b)
    if x is None and y is None:
        return False
    if x is None:
        return is_integer(a)
    if y is None:
        return is_integer(b)
    return is_void(x) or is_void(y) or same_type(x, y)


def accepts(parameter: DType, argument: DType) -> bool:
    """Whether an argument (or key) goes with a prototype's parameter type."""
    if isinstance(argument, Translated):
        return isinstance(strip(parameter), Ptr) and same_type(strip(parameter), Ptr(argument.to)) and argument.pointer
    if is_integer(parameter) and is_integer(argument):
        return True
    if is_string_compatible(parameter) and is_string_compatible(argument):
        return True
    p, a = strip(parameter), strip(argument)
    if isinstance(p, Stack) and isinstance(a, Stack):
        return p.user == a.user
    if isinstance(p, SymAddr) and isinstance(a, SymAddr):
        return p.user == a.user
    if isinstance(p, (Struct, Func)):
        return same_type(p, a)
    if isinstance(p, Float):
        return isinstance(a, Float)
    return pointers_agree(decay(parameter), decay(argument))


def assignable(target: DType, value: DType, zero: bool) -> bool:
    """Whether `target = value` holds; `zero` when the value is the constant 0, which every D variable takes."""
    if is_integer(target) and (is_integer(value) or is_address(value)):
        return True
    if is_string(target):
        return is_string_compatible(value) or zero
    t, v = strip(target), strip(value)
    if isinstance(v, Translated):
        return same_type(t, Ptr(v.to) if v.pointer else v.to)
    if isinstance(t, Struct):
        return same_type(t, v) or zero
    if isinstance(t, Float):
        return isinstance(v, Float) or zero
    return isinstance(t, Ptr) and pointers_agree(t, decay(v))


def translatable(member: DType, value: DType, zero: bool) -> bool:
    """Whether a translator may compute a member from a value: as assigned, and arrays from arrays and strings."""
    t = strip(member)
    if isinstance(t, Array):
        return same_type(t, value) or (is_char(t.of) and is_string_compatible(value))
    return assignable(member, value, zero)


def comparable(a: DType, b: DType, a_zero: bool, b_zero: bool) -> bool:
    """Whether a relational operator takes the two types."""
    if is_arithmetic(a) and is_arithmetic(b):
        return True
    if is_string(a) or is_string(b):
        return (is_string_compatible(a) or a_zero) and (is_string_compatible(b) or b_zero)
    return pointers_agree(_as_pointer(a), _as_pointer(b))


def _as_pointer(t: DType) -> DType:
    base = strip(t)
    if isinstance(base, Translated):
        return Ptr(base.to) if base.pointer else base
    return decay(t)


def castable(target: DType, value: DType) -> bool:
    """Whether `(target) value` is allowed (language.md 7.2)."""
    t, v = strip(target), strip(value)
    if isinstance(t, Void):
        return True
    if isinstance(v, (Void, Dynamic, Func)):
        return False
    if isinstance(v, (Stack, SymAddr)):
        return False
    if isinstance(t, String):
        return is_scalar(v) or is_string_compatible(v)
    if is_integer(t) or isinstance(t, Ptr):
        return is_scalar(v) or isinstance(v, Array) or (isinstance(v, String) and isinstance(t, Ptr))
    return same_type(t, v)


CHAR_POINTER = Ptr(CHAR)
