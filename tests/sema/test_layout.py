"""Layout of structures declared in D: what gcc makes of the same text on x86-64 (language.md section 6)."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.dtypes import CHAR, INT, LONG, SHORT, UCHAR, UINT, ULONG, USHORT, Array, DType, Int, Ptr, Struct
from d2bpf.sema.layout import lay_out

from .stub import analyse


@pytest.mark.parametrize(
    "members, size, offsets",
    [
        ("char c; int i;", 8, {"c": 0, "i": 32}),
        ("int i; char c;", 8, {"i": 0, "c": 32}),
        ("char c[3]; short s; void *p;", 16, {"c": 0, "s": 32, "p": 64}),
        ("char c; struct { char d; long e; } in; char f;", 32, {"c": 0, "in": 64, "f": 192}),
        ("char c; union { int i; long l; char b[9]; }; char d;", 32, {"c": 0, "": 64, "d": 192}),
        ("unsigned a:3, b:5, c:30;", 8, {"a": 0, "b": 3, "c": 32}),
        ("char x; unsigned a:3; unsigned long b:40; short y;", 16, {"x": 0, "a": 8, "b": 11, "y": 64}),
        ("unsigned char a:4; unsigned b:28; unsigned c:1;", 8, {"a": 0, "b": 4, "c": 32}),
        ("int a:7; int :0; int b:2;", 8, {"a": 0, "b": 32}),
        ("char x; int :5; int b:3;", 4, {"x": 0, "b": 13}),
        ("unsigned short a:9, b:9; char c;", 6, {"a": 0, "b": 16, "c": 32}),
        ("unsigned long a:33; unsigned b:31; unsigned c:1;", 16, {"a": 0, "b": 33, "c": 64}),
        ("char x; int :0; char y;", 5, {"x": 0, "y": 32}),
        ("char x; long :9; char y;", 4, {"x": 0, "y": 24}),
    ],
)
def test_against_gcc(members: str, size: int, offsets: dict[str, int]) -> None:
    result = analyse(f"struct s {{ {members} }}; struct s v; BEGIN {{ trace(v); }}")
    assert result.errors == []
    t = result.checked.variables[0].type
    assert isinstance(t, Struct)
    assert t.body is not None
    assert (t.size, {m.name: m.offset for m in t.body.get()}) == (size, offsets)


def test_members_of_anonymous_members_are_found() -> None:
    result = analyse(
        "struct s { int a; union { int b; struct { char c, d; }; }; }; struct s v;"
        "BEGIN { trace(v.d); trace(offsetof(struct s, d)); }"
    )
    assert result.errors == []
    assert str(result.type("v.d")) == "char"
    assert result.constant("offsetof(struct s, d)") == 5


_SCALARS: list[tuple[DType, Any]] = [
    (CHAR, ctypes.c_int8),
    (UCHAR, ctypes.c_uint8),
    (SHORT, ctypes.c_int16),
    (USHORT, ctypes.c_uint16),
    (INT, ctypes.c_int32),
    (UINT, ctypes.c_uint32),
    (LONG, ctypes.c_int64),
    (ULONG, ctypes.c_uint64),
    (Ptr(Int("int", 4, True)), ctypes.c_void_p),
]


@given(
    st.lists(st.tuples(st.sampled_from(_SCALARS), st.integers(0, 3)), min_size=1, max_size=8), st.sampled_from(["struct", "union"])
)
def test_without_bit_fields_as_ctypes(rows: list[tuple[tuple[DType, Any], int]], kind: str) -> None:
    base = ctypes.Structure if kind == "struct" else ctypes.Union
    fields = [(f"m{i}", c * n if n else c) for i, ((_, c), n) in enumerate(rows)]
    model = type("Model", (base,), {"_fields_": fields})
    size, members = lay_out(kind, [(f"m{i}", Array(t, n) if n else t, None) for i, ((t, _), n) in enumerate(rows)])
    assert size == ctypes.sizeof(model)
    assert {m.name: m.offset for m in members} == {name: getattr(model, name).offset * 8 for name, _ in fields}
