"""String capacities: how many bytes each expression, variable and key needs, the NUL included."""

from __future__ import annotations

import pytest

from d2bpf.dtypes import String, strip

from .stub import Analysed, analyse, body

FULL = 257  # strsize characters and the NUL


def capacity(result: Analysed, expression: str, nth: int = 0) -> int:
    t = strip(result.type(expression, nth))
    assert isinstance(t, String)
    return t.capacity


@pytest.mark.parametrize(
    "expression, expected",
    [
        ('"hello"', 6),
        ('""', 1),
        ('"a\\0b"', 2),
        ("execname", 16),
        ("probefunc", FULL),
        ("copyinstr(arg0)", FULL),
        ("stringof(arg0)", FULL),
        ("stringof(curthread->comm)", 17),
        ("(string)curthread->comm", 17),
        ('stringof("abc")', 4),
        ('strjoin("ab", "cde")', 6),
        ('strjoin(execname, "/x")', 18),
        ("strjoin(probefunc, execname)", FULL),
        ("substr(execname, 2)", 16),
        ('strchr("abc", 1)', 4),
        ("basename(execname)", 16),
        ('dirname("")', 2),
        ("lltostr(arg0)", 67),
        ("inet_ntop(2, curthread)", 46),
        ('strtok(execname, "x")', FULL),
        ('pid ? "abc" : execname', 16),
        ('pid ? "abc" : NULL', 4),
        ("(pid, execname)", 16),
        ("people[0].p_name", 17),
        ("GREETING", 6),
    ],
)
def test_expression(expression: str, expected: int) -> None:
    result = body(f"trace({expression});")
    assert capacity(result, expression, -1) == expected


def test_small_strsize_bounds_everything() -> None:
    result = body('x = strjoin("abcdef", "ghijkl"); trace(lltostr(arg0)); trace(execname);', strsize=8)
    assert [capacity(result, e) for e in ("x", "lltostr(arg0)", "execname", '"abcdef"')] == [9, 9, 9, 7]


def test_a_variable_has_room_for_all_that_is_assigned_to_it() -> None:
    result = analyse('BEGIN { trace(self->s = "ab"); } END { self->s = execname; y = self->s; y = "abcdefghijklmnopqrstuvwxyz"; }')
    assert result.errors == []
    assert [(v.name, v.type) for v in result.checked.variables] == [("s", String(16)), ("y", String(27))]
    assert capacity(result, "self->s") == 16
    assert capacity(result, 'self->s = "ab"') == 16


def test_cycles_of_assignments_settle() -> None:
    result = body('a = "x"; b = a; a = b; c = "y"; c = strjoin(c, "z"); d = c;')
    assert {v.name: v.type for v in result.checked.variables} == {
        "a": String(2),
        "b": String(2),
        "c": String(FULL),
        "d": String(FULL),
    }


def test_a_declared_string_that_is_never_set_needs_a_byte() -> None:
    result = analyse("string s; self string t; BEGIN { trace(s); }")
    assert [v.type for v in result.checked.variables] == [String(1), String(1)]


def test_keys_of_arrays_have_room_for_keys_that_are_only_read() -> None:
    result = body('a["x", 1] = "long value"; trace(a[execname, 2]); self->b["k"] = 1; self->b["longer"] = 1;')
    a, b = result.checked.variables
    assert (a.keys[0], a.type) == (String(16), String(11))
    assert b.keys == (String(7),)


def test_keys_of_aggregations_have_room_for_all_uses() -> None:
    result = analyse('BEGIN { @a["x", execname] = count(); } END { @a["longest", "y"] = count(); @b[self->n = "abc"] = count(); }')
    assert result.errors == []
    assert result.checked.aggregations["a"].keys == (String(8), String(16))
    assert result.checked.aggregations["b"].keys == (String(4),)


def test_inlines_and_their_parameters() -> None:
    result = analyse(
        'inline string pick[int i, string s] = i ? "one" : s; inline string who = execname; BEGIN { x = who; y = pick[1, "ab"]; }'
    )
    assert result.errors == []
    assert {v.name: v.type for v in result.checked.variables} == {"x": String(16), "y": String(FULL)}


@pytest.mark.parametrize(
    "uses, key",
    [
        ("1 pid", "int"),
        ("1 arg0", "int64_t"),
        ("arg0 1", "int64_t"),
        ("(char)1 pid", "pid_t"),
        ("pid uid", "long"),
        ("timestamp arg0", "uint64_t"),
        ("curthread arg0", "struct task_struct *"),
    ],
)
def test_integer_keys_have_room_for_the_largest_use(uses: str, key: str) -> None:
    first, second = uses.split()
    result = body(f"a[{first}] = 1; trace(a[{second}]); @b[{first}] = count(); @b[{second}] = count();")
    assert str(result.checked.variables[0].keys[0]) == key
    assert str(result.checked.aggregations["b"].keys[0]) == key
