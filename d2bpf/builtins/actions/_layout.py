"""D types as plain data, for print() to show recorded bytes by (runtime/objects.py reads it).

A layout is {"root": type number, "types": [type, ...]}. A type is a dictionary; "name" is how the type is spelled, "size" its
bytes:

    kind      other members
    int       signed
    char      an integer that is shown as a character
    float
    pointer   function: whether it points to one
    enum      signed, values: [[name, number], ...]
    array     of: type number, count
    struct    (or union) members: [[name ("" anonymous), type number, offset in bits, width of a bit-field or 0], ...],
              kernel: by which name the running kernel must have the same type, or ""
    string
    void      what has no value (functions)
"""

from __future__ import annotations

from typing import Any

from ...dtypes import Array, DType, Enum, Float, Func, Int, Ptr, String, Struct, StructBody, Typedef, strip

Node = dict[str, Any]
UNNAMED = ("struct", "union", "enum")


def describe(t: DType) -> dict[str, Any]:
    """The layout of a type."""
    describer = _Describer()
    return {"root": describer.number(t), "types": describer.types}


def spelled(t: DType) -> str:
    """A type's name as C spells it: a pointer to a function has the star in the middle."""
    function = strip(t.to) if isinstance(t, Ptr) else None
    if isinstance(function, Func):
        params = [spelled(param) for param in function.params] + ["..."] * function.variadic
        return f"{spelled(function.ret)} (*)({', '.join(params)})"
    return str(t)


class _Describer:
    """Numbers types in the order they are met; each is described once."""

    def __init__(self) -> None:
        self.types: list[Node] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, t: DType) -> int:
        base, name = strip(t), spelled(t)
        key = name, type(base), base.size, self._content(base)
        if key not in self._numbers:
            self._numbers[key] = len(self.types)
            node: Node = {"kind": "void", "name": name, "size": base.size}
            self.types.append(node)
            node.update(self._more(t, base))
        return self._numbers[key]

    def _content(self, base: DType) -> object:
        """What tells apart two types of one name."""
        match base:
            case Struct():
                return id(base.body)
            case Enum():
                return base.values
            case Array():
                return self.number(base.of)
            case _:
                return None

    def _more(self, t: DType, base: DType) -> Node:
        match base:
            case Int():
                return {"kind": "char" if base.name == "char" else "int", "signed": base.signed}
            case Float():
                return {"kind": "float"}
            case Ptr():
                return {"kind": "pointer", "function": isinstance(strip(base.to), Func)}
            case Enum():
                return {"kind": "enum", "signed": base.signed, "values": [list(pair) for pair in base.values]}
            case Array():
                return {"kind": "array", "of": self.number(base.of), "count": base.count}
            case Struct(body=StructBody() as body):
                members = [[m.name, self.number(m.type), m.offset, m.bits] for m in body.get()]
                return {"kind": base.kind, "members": members, "kernel": kernel_name(t, base)}
            case String():
                return {"kind": "string"}
            case _:
                return {}


def kernel_name(t: DType, base: Struct) -> str:
    """What the kernel calls a structure of its own: by its tag, or by a typedef where it has none."""
    if base.origin != "kernel":
        return ""
    name = str(base)
    if name in UNNAMED and isinstance(t, Typedef):
        name = str(t)
    return "" if name in UNNAMED else name
