"""Constants folded at compile time (language.md 6.1, 6.2, 7.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.dtypes import INT, LONG, UINT, ULONG, Int
from d2bpf.sema import fold
from d2bpf.sema.relations import wrap

from .stub import analyse


@pytest.mark.parametrize(
    "expression, value",
    [
        ("1 + 2 * 3", 7),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7 / -2", -3),
        ("7 % -2", 1),
        ("-1 > 0u", 1),
        ("-1 > 0", 0),
        ("-1l > 0u", 0),
        ("0u - 1", 0xFFFFFFFFFFFFFFFF),
        ("0xffffffffu + 1", 0x100000000),
        ("-1 == 0xffffffff", 0),
        ("-1u == 0xffffffff", 1),
        ("0ul - 1", 0xFFFFFFFFFFFFFFFF),
        ("-7 / 2u", 0x7FFFFFFFFFFFFFFC),
        ("~0", -1),
        ("~0u", 0xFFFFFFFF),
        ("(char)100 + (char)100", 200),
        ("1 << 33", 1 << 33),
        ("0x7fffffffffffffff + 1", -(1 << 63)),
        ("-8 >> 1", 0x7FFFFFFFFFFFFFFC),
        ("0xf0 & 0x3c", 0x30),
        ("0xf0 | 0x0f", 0xFF),
        ("0xf0 ^ 0xff", 0x0F),
        ("!5", 0),
        ("!0", 1),
        ("3 && 0", 0),
        ("0 || 2", 1),
        ("2 ^^ 3", 0),
        ("2 ^^ 0", 1),
        ("0 && pid", 0),
        ("1 || pid", 1),
        ("pid && 0", None),
        ("pid", None),
        ("1 ? 5 : pid", 5),
        ("0 ? pid : 6", 6),
        ("pid ? 5 : 5", None),
        ("(char)300", 44),
        ("(char)200", -56),
        ("(unsigned char)-1", 255),
        ("(int)0x1ffffffff", -1),
        ("(unsigned)-1", 0xFFFFFFFF),
        ("(void *)-1", 0xFFFFFFFFFFFFFFFF),
        ("'a'", 97),
        ("'ab'", 0x6162),
        ("'\\377'", 255),
        ("NULL", 0),
        ("TASK_DEAD", 2),
        ("TASK_DEAD + 1", 3),
        ("ENOENT", 2),
        ("LETTER", 65),
        ("sizeof (int)", 4),
        ("sizeof (struct task_struct)", 64),
        ("sizeof (curthread->comm)", 16),
        ("sizeof (string)", 256),
        ("sizeof execname", 256),
        ("sizeof (curthread)", 8),
        ("offsetof(struct task_struct, parent)", 24),
        ("offsetof(struct task_struct, deep)", 40),
        ("(1, 2)", None),
    ],
)
def test_constant(expression: str, value: int | None) -> None:
    result = analyse(f"BEGIN {{ trace({expression}); }}")
    assert result.errors == []
    assert result.constant(expression, -1) == value


def test_constants_through_inlines_take_the_declared_type() -> None:
    result = analyse(
        "inline char C = 300; inline int64_t L = -1; inline unsigned U = -1; BEGIN { trace(C); trace(L); trace(U + 1); }"
    )
    assert result.errors == []
    assert [result.constant(e) for e in ("C", "L", "U", "U + 1")] == [44, -1, 0xFFFFFFFF, 0x100000000]


def test_enumerators_of_d_enums() -> None:
    result = analyse("enum e { A, B = 10, C, D = -3, E }; int x[C]; BEGIN { trace(A); trace(C); trace(E); x[0] = B; }")
    assert result.errors == []
    assert [result.constant(name) for name in "ABCE"] == [0, 10, 11, -2]
    assert str(result.checked.variables[0].type) == "int [11]"


def test_strsize_is_sizeof_string() -> None:
    result = analyse("BEGIN { trace(sizeof (string)); }", strsize=1024)
    assert result.constant("sizeof (string)") == 1024


# ---------------------------------------------------------------- the folder against plain arithmetic

_64 = st.integers(-(1 << 63), (1 << 63) - 1)


@given(_64, _64, st.sampled_from(["+", "-", "*", "&", "|", "^"]), st.sampled_from([INT, UINT, LONG, ULONG]))
def test_arithmetic_agrees_with_the_type_once_stored(a: int, b: int, op: str, t: Int) -> None:
    a, b = wrap(a, t), wrap(b, t)
    exact = {"+": a + b, "-": a - b, "*": a * b, "&": a & b, "|": a | b, "^": a ^ b}[op]
    assert wrap(fold.binary(op, a, b, t, t), t) == wrap(exact, t)


@given(_64, _64.filter(bool), st.sampled_from([INT, UINT, LONG, ULONG]))
def test_division_truncates_toward_zero(a: int, b: int, t: Int) -> None:
    a, b = wrap(a, t), wrap(b, t)
    if b == 0:
        return
    quotient, rest = fold.binary("/", a, b, t, t), fold.binary("%", a, b, t, t)
    if (a, b) != (-(1 << 63), -1):
        assert quotient * b + rest == a
        assert abs(rest) < abs(b)
        assert rest == 0 or (rest < 0) == (a < 0)
