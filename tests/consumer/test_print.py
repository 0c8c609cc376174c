"""print(): exact text of both forms (output.md 3.3), from recorded bytes and the layouts that the compiler makes of D types."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from d2bpf.builtins.actions._layout import describe
from d2bpf.dtypes import (
    CHAR,
    INT,
    INT64,
    LONG,
    SHORT,
    UCHAR,
    UINT,
    VOID,
    Array,
    DType,
    Enum,
    Float,
    Func,
    Int,
    Member,
    Ptr,
    String,
    Struct,
    StructBody,
    Typedef,
)
from tests.consumer.tape import U64, Tape, data, field, tail

UINT8 = Typedef("uint8_t", UCHAR)
EH = Enum("eh", (("FIRSTVAL", 0), ("SECONDVAL", 1)))


def struct_of(kind: str, tag: str, size: int, *members: tuple[str, DType, int] | tuple[str, DType, int, int]) -> Struct:
    """A structure; members are (name, type, offset in bytes) or (name, type, offset in bits, width in bits)."""
    made = [Member(m[0], m[1], m[2], m[3]) if len(m) == 4 else Member(m[0], m[1], m[2] * 8) for m in members]
    return Struct(kind, tag or f"(anon {id(made)})", "d", StructBody(size, members=tuple(made)))


U = struct_of("union", "", 4, ("c", UINT8, 0), ("wide", INT, 0))
FOO = struct_of("struct", "foo", 32, ("a", INT, 0), ("name", Array(CHAR, 4), 4), ("u", U, 8), ("p", Ptr(VOID), 16), ("e", EH, 24))
FOO_BYTES = struct.pack("=i4sI4xQI4x", 1, b"to", 21, 0xFFFF000012345678, 1)


def pointed(t: DType, raw: bytes, address: int = 0xFFFF9B7ACA7E0000, **options: Any) -> str:
    """What print(pointer to t) prints in quiet mode, without the first line."""
    tape = Tape(quiet=True, **options)
    tape.play(tape.record([{"do": "print", "layout": describe(t)}], U64, data(len(raw))), address, raw)
    head, rest = tape.out().split("\n", 1)
    assert head == f"{address:#x} = *"
    margin = " " * 44
    lines = rest.splitlines(keepends=True)
    assert all(line.startswith(margin) for line in lines)
    return "".join(line[44:] for line in lines)


def valued(t: DType, raw: bytes, symbols: dict[int, tuple[str, str, int]] | None = None, **options: Any) -> str:
    """What print(a value of t) prints in quiet mode."""
    tape = Tape(quiet=True, **options)
    for address, name in (symbols or {}).items():
        tape.symbols.names[None, address] = name
    tape.play(tape.record([{"do": "print", "layout": describe(t)}], data(len(raw))), raw)
    return tape.out()


# ---- what a pointer points to ----


def test_pointed_to_struct() -> None:
    assert pointed(FOO, FOO_BYTES) == (
        "(struct foo) {\n"
        " .a = (int)1,\n"
        " .name = (char [4]) [\n"
        "  (char)'t',\n"
        "  (char)'o',\n"
        " ],\n"
        " .u = (union) {\n"
        "  .c = (uint8_t)21,\n"
        "  .wide = (int)21,\n"
        " },\n"
        " .p = (void *)0xffff000012345678,\n"
        " .e = (enum eh)SECONDVAL,\n"
        "}\n"
    )


def test_pointed_to_zeros_are_left_out() -> None:
    assert pointed(FOO, bytes(32)) == "(struct foo) {\n}\n"
    pair = Array(struct_of("struct", "one", 4, ("x", INT, 0)), 3)
    assert pointed(pair, struct.pack("=3i", 0, 7, 0)) == "(struct one [3]) [\n (struct one) {\n  .x = (int)7,\n },\n]\n"


@pytest.mark.parametrize(
    ("t", "raw", "text"),
    [
        (INT, struct.pack("=i", 5), "(int)5"),
        (INT, struct.pack("=i", -5), "(int)-5"),
        (INT, struct.pack("=i", 0), "(int)0"),
        (Typedef("uid_t", UINT), b"\xff" * 4, "(uid_t)4294967295"),
        (CHAR, b"x", "(char)'x'"),
        (CHAR, b"\0", "(char)'\\0'"),
        (CHAR, b"\xff", "(char)'\\377'"),
        (UCHAR, b"x", "(unsigned char)120"),
        (Ptr(FOO), struct.pack("=Q", 0x10), "(struct foo *)0x10"),
        (Ptr(Func(VOID, (INT,))), struct.pack("=Q", 0x10), "(void (*)(int))0x10"),
        (EH, struct.pack("=i", 1), "(enum eh)SECONDVAL"),
        (EH, struct.pack("=i", 7), "(enum eh)7"),
        (Float("double", 8), struct.pack("=d", -0.5), "(double)-5.0000000e-01"),
    ],
)
def test_pointed_to_scalars(t: DType, raw: bytes, text: str) -> None:
    assert pointed(t, raw) == text + "\n"


def test_pointed_to_bit_fields() -> None:
    flags = struct_of(
        "struct", "flags", 4, ("a", UINT, 0, 1), ("b", INT, 1, 3), ("c", UINT, 4, 12), ("d", Enum("eh", EH.values), 16, 2)
    )
    raw = struct.pack("=I", 1 | 0b110 << 1 | 0xABC << 4 | 1 << 16)
    assert pointed(flags, raw) == (
        "(struct flags) {\n .a = (unsigned int)1,\n .b = (int)-2,\n .c = (unsigned int)2748,\n .d = (enum eh)SECONDVAL,\n}\n"
    )
    assert pointed(flags, struct.pack("=I", 0xABC << 4)) == "(struct flags) {\n .c = (unsigned int)2748,\n}\n"


def test_pointed_to_anonymous_members() -> None:
    inner = struct_of("struct", "", 4, ("x", SHORT, 0), ("y", SHORT, 2))
    outer = struct_of("struct", "outer", 8, ("", inner, 0), ("z", INT, 4))
    assert pointed(outer, struct.pack("=hhi", 1, 2, 3)) == (
        "(struct outer) {\n (struct) {\n  .x = (short)1,\n  .y = (short)2,\n },\n .z = (int)3,\n}\n"
    )


def nested(depth: int) -> DType:
    """A structure with so many others within one another."""
    t: DType = INT
    for level in range(depth, 0, -1):
        t = struct_of("struct", f"s{level}", 4, ("m", t, 0))
    return t


def test_pointed_to_deep_nesting() -> None:
    raw = struct.pack("=i", 9)
    lines = pointed(nested(10), raw).splitlines()
    assert lines[9:11] == [" " * 9 + ".m = (struct s10) {", " " * 10 + ".m = (int)9,"]
    lines = pointed(nested(12), raw).splitlines()
    assert lines[10:13] == [" " * 10 + ".m = (struct s11) {", " " * 11 + "...", " " * 10 + "},"]


def test_pointed_to_more_than_was_recorded() -> None:
    assert pointed(FOO, FOO_BYTES[:10]) == (
        "(struct foo) {\n .a = (int)1,\n .name = (char [4]) [\n  (char)'t',\n  (char)'o',\n ],\n"
        " .u = (union) {\n  .c = (uint8_t)21,\n  ...\n },\n ...\n}\n"
    )
    assert pointed(FOO, FOO_BYTES, printsize=4) == "(struct foo) {\n .a = (int)1,\n ...\n}\n"
    assert pointed(Array(INT, 4), struct.pack("=2i", 1, 2)) == "(int [4]) [\n (int)1,\n (int)2,\n ...\n]\n"
    assert pointed(INT, b"\1\2") == "(int)...\n"


def test_pointed_to_in_the_default_mode() -> None:
    tape = Tape()
    tape.play(tape.record([{"do": "print", "layout": describe(INT)}], U64, data(4)), 0x1000, struct.pack("=i", 5))
    prefix = f"  0      1 {':BEGIN':>32} "
    assert tape.out().split("\n", 1)[1] == f"{prefix}0x1000 = *\n{'':44}(int)5\n\n"


# ---- values ----


def test_value_of_a_struct() -> None:
    assert valued(FOO, FOO_BYTES) == (
        "struct foo {\n"
        "    int a = 0x1\n"
        '    char [4] name = [ "to" ]\n'
        "    union  u = {\n"
        "        uint8_t c = 0x15\n"
        "        int wide = 0x15\n"
        "    }\n"
        "    void *p = 0xffff000012345678\n"
        "    enum eh e = SECONDVAL\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("t", "raw", "text"),
    [
        (INT64, struct.pack("=q", 5), "int64_t 0x5"),
        (INT64, struct.pack("=q", 0), "int64_t 0"),
        (INT, struct.pack("=i", -1), "int 0xffffffff"),
        (CHAR, b"c", "char 'c'"),
        (CHAR, b"\0", "char '\\0'"),
        (CHAR, b"\n", "char '\\012'"),
        (EH, struct.pack("=i", 0), "enum eh FIRSTVAL"),
        (EH, struct.pack("=i", -3), "enum eh -3"),
        (Float("float", 4), struct.pack("=f", 1.5), "float +1.5000000e+00"),
        (Array(CHAR, 4), b"to\0\0", 'char [4] "to"'),
        (Array(CHAR, 2), b"to", "char [2] [ 't', 'o' ]"),
        (Array(CHAR, 3), b"\1a\0", "char [3] [ '\\001', 'a', '\\0' ]"),
        (Array(INT, 3), struct.pack("=3i", 1, 0, 16), "int [3] [ 0x1, 0, 0x10 ]"),
        (Array(Array(SHORT, 2), 2), struct.pack("=4h", 1, 2, 3, 4), "short [2][2] [ [ 0x1, 0x2 ], [ 0x3, 0x4 ] ]"),
    ],
)
def test_value_at_the_top(t: DType, raw: bytes, text: str) -> None:
    assert valued(t, raw) == text + "\n"


def test_value_of_a_string() -> None:
    tape = Tape(quiet=True)
    long = tape.record([{"do": "print", "layout": describe(String(256))}], tail())
    short = tape.record([{"do": "print", "layout": describe(String(16))}], field("str", 16))
    tape.play(long, "some text")
    tape.play(short, "bash")
    assert tape.out() == 'string "some text"\nstring "bash"\n'


def test_value_with_bit_fields_and_functions() -> None:
    act = Ptr(Func(INT, (Ptr(VOID), LONG), variadic=True))
    ops = struct_of("struct", "ops", 24, ("f", UINT, 0, 3), ("g", Int("bool", 1, False), 3, 1), ("run", act, 8), ("stop", act, 16))
    raw = struct.pack("=I4xQQ", 5, 0xFFFFFFFF81000010, 0)
    assert valued(ops, raw, {0xFFFFFFFF81000010: ("vmlinux", "do_it", 0)}) == (
        "struct ops {\n"
        "    unsigned int f :3 = 0x5\n"
        "    bool g :1 = 0\n"
        "    int (*)(void *, long, ...) run = vmlinux`do_it\n"
        "    int (*)(void *, long, ...) stop = 0\n"
        "}\n"
    )


def test_value_with_structs_in_arrays_and_without_names() -> None:
    one = struct_of("struct", "one", 4, ("x", INT, 0))
    inner = struct_of("union", "", 4, ("a", INT, 0), ("b", SHORT, 0))
    outer = struct_of("struct", "outer", 12, ("list", Array(one, 2), 0), ("", inner, 8))
    assert valued(outer, struct.pack("=3i", 1, 2, 3)) == (
        "struct outer {\n"
        "    struct one [2] list = [\n"
        "        struct one {\n"
        "            int x = 0x1\n"
        "        },\n"
        "        struct one {\n"
        "            int x = 0x2\n"
        "        }\n"
        "    ]\n"
        "    union {\n"
        "        int a = 0x3\n"
        "        short b = 0x3\n"
        "    }\n"
        "}\n"
    )


def test_value_too_deep_or_too_long() -> None:
    lines = valued(nested(12), struct.pack("=i", 9)).splitlines()
    assert lines[10:13] == [" " * 40 + "struct s11 m = {", " " * 44 + "...", " " * 40 + "}"]
    assert valued(FOO, FOO_BYTES, printsize=8) == 'struct foo {\n    int a = 0x1\n    char [4] name = [ "to" ]\n    ...\n}\n'
    assert valued(Array(INT, 3), struct.pack("=i", 1)) == "int [3] [ 0x1, ... ]\n"


def test_types_of_one_name_are_told_apart() -> None:
    other = Enum("(anon 1)", (("ON", 1),))
    mine = Enum("(anon 2)", (("YES", 1),))
    both = struct_of("struct", "both", 8, ("a", other, 0), ("b", mine, 4))
    assert valued(both, struct.pack("=2i", 1, 1)) == "struct both {\n    enum  a = ON\n    enum  b = YES\n}\n"
