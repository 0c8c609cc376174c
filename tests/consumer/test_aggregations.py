"""Aggregations: layout, order, printa: output.md 5.1 and 5.2, builtins.md 4."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consumer.tape import (
    HEADER,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U64,
    Tape,
    counts,
    data,
    histogram,
    probe,
    stack,
    string,
    sym,
    ustack,
)

INT64_MAX, INT64_MIN = (1 << 63) - 1, -(1 << 63)


def lines(tape: Tape, *names: str) -> list[list[str]]:
    return [line.split() for line in tape.shown(*(names or ("a",))).splitlines()]


# ---------------------------------------------------------------- layout


def test_the_examples_of_the_reference() -> None:
    assert counts((7, 3), (12, 25)).shown("a") == "        7                3\n       12               25\n"
    tape = counts(("bash", 4), ("sshd", 10), key=string(16))
    assert tape.shown("a") == f"  {'bash':<50}                4\n  {'sshd':<50}               10\n"


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        (I64, -5, f" {-5:16}"),
        (U64, (1 << 64) - 1, f" {-1:16}"),
        (I32, -5, f" {-5:8}"),
        (I16, -5, " 65531"),
        (I8, -5, " 251"),
        (U16, 7, f" {7:5}"),
        (U8, 7, f" {7:3}"),
        (string(16), "bash", f"  {'bash':<50}"),
        (string(16), "", f"  {'':<50}"),
        (string(64), "x" * 60, "  " + "x" * 60),
        (data(4), "abcd", f"  {'abcd':<50}"),
        (data(4), b"ab\0\0", f"  {'ab':<50}"),
        (data(4), b"a\tb\n", "  a\tb\n" + " " * 46),
        (sym("sym"), 0x1234, f"  {'0x1234':<50}"),
        (sym("uaddr"), [9, 0x1234], f"  {'0x1234':<50}"),
    ],
)
def test_keys(key: Any, value: Any, text: str) -> None:
    assert counts((value, 1), key=key).shown("a") == text + f" {1:16}\n"


def test_keys_that_are_no_text_are_dumped() -> None:
    dump = f"\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n{'         0: 61 00 62 00':<61}a.b.\n"
    assert counts((b"a\0b\0", 1), key=data(4)).shown("a") == dump + f" {1:16}\n"
    assert counts((b"\xe9", 1), key=string(8)).shown("a").splitlines()[2].endswith("........")
    assert counts(("ab", 1), key=string(4), rawbytes=True).shown("a").splitlines()[2].endswith("ab..")


def test_parts_of_the_probe_as_keys() -> None:
    """Sites of one function are one key."""
    tape = Tape()
    tape.aggregation("a", "count", probe("func"), probe("name"))
    sites = [tape.probe(n, "syscall", "vmlinux", "read", name) for n, name in enumerate(["entry", "return", "entry"])]
    for site in sites:
        tape.update("a", [site, site], 2)
    assert tape.shown("a") == f"  {'read':<50}  {'return':<50} {2:16}\n  {'read':<50}  {'entry':<50} {4:16}\n"


def test_several_keys_and_cpus() -> None:
    tape = Tape()
    tape.aggregation("a", "sum", I32, string(8), U64)
    tape.update("a", [1, "x", 2], 5, -7, 1)
    assert tape.shown("a") == f" {1:8}  {'x':<50} {2:16} {-1:16}\n"


def test_no_keys() -> None:
    tape = Tape()
    tape.aggregation("a", "count")
    tape.update("a", [], 0, 0)
    assert tape.shown("a") == ""  # never updated
    tape.update("a", [], 2, 3)
    assert tape.shown("a") == f" {5:16}\n"


def test_no_keys_and_a_total_of_nothing() -> None:
    tape = Tape()
    tape.aggregation("a", "sum")
    tape.update("a", [], (0, 0), (0, 0))
    assert tape.shown("a") == ""
    tape.update("a", [], (0, 0), (0, 1))
    assert tape.shown("a") == f" {0:16}\n"


def test_stack_keys() -> None:
    tape = Tape()
    tape.aggregation("a", "count", stack(4), I32)
    tape.symbols.names = {(None, 0x11): ("vmlinux", "vfs_read", 1), (None, 0x22): ("vmlinux", "ksys_read", 0x5F)}
    tape.update("a", [[0x11, 0x22], 4], 9)
    assert tape.shown("a") == (
        "\n              vmlinux`vfs_read+0x1\n              vmlinux`ksys_read+0x5f\n        4                9\n"
    )


def test_user_stack_keys_of_another_indent() -> None:
    tape = Tape(stackindent=2)
    tape.aggregation("a", "count", ustack(3))
    tape.update("a", [[42, [0x11]]], 1)
    tape.update("a", [[42, []]], 2)
    assert tape.shown("a") == f"\n  0x11\n {1:16}\n\n {2:16}\n"


def test_symbols_of_one_function_are_one_key() -> None:
    tape = Tape()
    tape.aggregation("a", "count", sym("sym"))
    tape.aggregation("m", "count", sym("mod"))
    tape.aggregation("u", "count", sym("ufunc"))
    tape.symbols.names = {
        (None, 0x10): ("vmlinux", "f", 0),
        (None, 0x18): ("vmlinux", "f", 8),
        (None, 0x20): ("vmlinux", "g", 0),
        (7, 0x18): ("libc.so.6", "f", 8),
        (8, 0x18): ("libc.so.6", "f", 8),
    }
    for address in (0x10, 0x18, 0x20):
        tape.update("a", [address], 1)
        tape.update("m", [address], 1)
    for pid in (8, 7):
        tape.update("u", [[pid, 0x18]], 1)
    assert tape.shown("a") == f"  {'vmlinux`g':<50} {1:16}\n  {'vmlinux`f':<50} {2:16}\n"
    assert tape.shown("m") == f"  {'vmlinux':<50} {3:16}\n"
    assert tape.shown("u") == f"  {'libc.so.6`f':<50} {1:16}\n" * 2  # two processes


def test_each_cpu() -> None:
    tape = Tape(aggpercpu=True)
    tape.aggregation("a", "count", I32)
    tape.update("a", [5], 1, 0, 3)
    assert tape.shown("a") == (f" {5:8} {4:16}\n    [CPU 0] {1:16}\n    [CPU 1] {0:16}\n    [CPU 2] {3:16}\n")


# ---------------------------------------------------------------- functions


def one(function: str, *per_cpu: Any, params: Any = (), normal: int = 1) -> str:
    tape = Tape()
    tape.aggregation("a", function, params=params)
    tape.update("a", [], *per_cpu)
    tape.consumer.aggregate("a").normalize(normal)
    return tape.shown("a").strip("\n")


def squares(values: list[int]) -> list[int]:
    total = sum(value * value for value in values)
    return [len(values), sum(values), total & (1 << 64) - 1, total >> 64]


@pytest.mark.parametrize(
    ("function", "per_cpu", "expected"),
    [
        ("count", [3, 4], 7),
        ("sum", [3, -10], -7),
        ("sum", [INT64_MAX, 1], INT64_MIN),  # wraps
        ("min", [(5, 1), (-3, 1), (-99, 0)], -3),
        ("max", [(5, 1), (-3, 1), (99, 0)], 5),
        ("max", [(-5, 1), (0, 0)], -5),
        ("avg", [(2, 7), (1, -14)], -2),  # -7/3, toward zero
        ("avg", [(1, 0), (0, 0)], 0),
        ("stddev", [squares([2, 4]), squares([4, 4, 5, 5, 7, 9])], 2),
        ("stddev", [squares([-1 << 62, 1 << 62])], 1 << 62),
    ],
)
def test_functions(function: str, per_cpu: list[Any], expected: int) -> None:
    assert one(function, *per_cpu) == f" {expected:16}"


@pytest.mark.parametrize(
    ("function", "value", "normal", "expected"),
    [
        ("count", 7, 2, 3),
        ("sum", -7, 2, -3),  # signed division, toward zero
        ("min", (-7, 1), 2, -3),
        ("max", (7, 1), 8, 0),
        ("avg", (3, 100), 7, 4),  # 100 / 7 / 3
        ("stddev", squares([20, 40, 40, 40, 50, 50, 70, 90]), 10, 2),
        ("sum", -7, 0, -7),  # dividing by zero changes nothing
    ],
)
def test_normalized(function: str, value: Any, normal: int, expected: int) -> None:
    assert one(function, value, normal=normal) == f" {expected:16}"


@settings(deadline=None)
@given(st.lists(st.integers(-(1 << 40), 1 << 40), min_size=1, max_size=30), st.integers(1, 4), st.integers(1, 1000))
def test_stddev_is_what_the_reference_says(values: list[int], cpus: int, normal: int) -> None:
    from math import isqrt

    def divide(one: int, other: int) -> int:
        return abs(one) // other * (1 if one >= 0 else -1)

    n, total, of_squares = len(values), sum(values), sum(value * value for value in values)
    average = divide(divide(total, normal), n)
    expected = isqrt(of_squares // normal**2 // n - average**2)
    assert one("stddev", *(squares(values[cpu::cpus]) for cpu in range(cpus)), normal=normal) == f" {expected:16}"


# ---------------------------------------------------------------- order


def test_by_value_then_keys() -> None:
    tape = counts((3, 5), (1, 5), (-1, 5), (2, 1))
    assert lines(tape) == [["2", "1"], ["1", "5"], ["3", "5"], ["-1", "5"]]  # keys as unsigned numbers


def test_counts_are_unsigned_and_sums_signed() -> None:
    assert [row[0] for row in lines(counts((1, -1), (2, 5)))] == ["2", "1"]
    assert [row[0] for row in lines(counts((1, -1), (2, 5), function="sum"))] == ["1", "2"]


def test_text_keys_bytewise() -> None:
    tape = counts(("b", 1), ("B", 1), ("ab", 1), ("a", 1), key=string(8))
    assert [row[0] for row in lines(tape)] == ["B", "a", "ab", "b"]


def test_processes_before_addresses() -> None:
    tape = counts(([9, 0x10], 1), ([8, 0x20], 1), ([8, 0x1F], 1), key=sym("uaddr"))
    assert [row[0] for row in lines(tape)] == ["0x1f", "0x20", "0x10"]


def test_aggsortkey() -> None:
    tape = counts((3, 1), (1, 9), (2, 5), aggsortkey=True)
    assert [row[0] for row in lines(tape)] == ["1", "2", "3"]


def test_aggsortrev() -> None:
    tape = counts((3, 1), (1, 9), (2, 9), aggsortrev=True)
    assert [row[0] for row in lines(tape)] == ["2", "1", "3"]


@pytest.mark.parametrize(("position", "expected"), [(0, "ax bw cv"), (1, "cv bw ax"), (2, "ax bw cv"), (9, "ax bw cv")])
def test_aggsortkeypos(position: int, expected: str) -> None:
    tape = Tape(aggsortkey=True, aggsortkeypos=position)
    tape.aggregation("a", "count", string(8), string(8))
    for first, second in ("ax", "cv", "bw"):
        tape.update("a", [first, second], 1)
    assert " ".join(row[0] + row[1] for row in lines(tape)) == expected


@pytest.mark.parametrize(("position", "expected"), [(0, "1 2 3"), (1, "3 1 2"), (2, "1 2 3")])
def test_aggsortpos(position: int, expected: str) -> None:
    tape = Tape(aggsortpos=position)
    for name in "ab":
        tape.aggregation(name, "sum", I32)
    for key, first, second in ((1, 10, 5), (2, 20, 5), (3, 30, 1)):
        tape.update("a", [key], first)
        tape.update("b", [key], second)
    assert " ".join(row[0] for row in lines(tape, "a", "b")) == expected


def test_setopt_changes_the_order_between_two_printas() -> None:
    tape = counts((1, 9), (2, 1), quiet=True)
    show = tape.record([{"do": "printa", "aggs": ["a"], "format": "%d "}])
    turn = tape.record([{"do": "setopt", "name": "aggsortkey", "value": "1"}])
    for number in (show, turn, show):
        tape.play(number)
    assert tape.out() == "2 1 1 2 "


def test_histograms_by_their_weighted_total() -> None:
    tape = Tape(quiet=True)
    tape.aggregation("a", "quantize", string(8))
    tape.update("a", ["four"], histogram(p3=1))  # 4
    tape.update("a", ["nine"], histogram(p1=9))  # 1 nine times
    tape.update("a", ["less"], histogram(n2=2))  # -2 twice
    tape.update("a", ["none"], histogram(p0=3))
    tape.update("a", ["some"], histogram(p0=2))
    assert tape.shown("a", format_="%s ") == "less some none four nine "


# ---------------------------------------------------------------- printa


def test_printa_begins_with_a_newline() -> None:
    tape = counts((7, 3), quiet=True)
    tape.play(tape.record([{"do": "printa", "aggs": ["a"], "format": None}]))
    assert tape.out() == "\n        7                3\n"


def test_printa_in_a_record_line() -> None:
    tape = counts((7, 3))
    number = tape.record(
        [
            {"do": "printf", "format": "%d:", "fields": [0]},
            {"do": "printa", "aggs": ["a"], "format": None, "fields": []},
            {"do": "printf", "format": "end", "fields": []},
        ],
        I32,
    )
    tape.play(number, 5)
    assert tape.out() == HEADER + "  0      1                           :BEGIN 5:\n        7                3\nend\n"


def test_printa_of_nothing_prints_its_newline() -> None:
    tape = counts(quiet=True)
    numbers = [tape.record([{"do": "printa", "aggs": ["a"], "format": format_}]) for format_ in (None, "%d %@d\n")]
    for number in numbers:
        tape.play(number)
    assert tape.out() == "\n"


def test_printa_by_a_format() -> None:
    tape = Tape()
    tape.aggregation("a", "sum", string(8), I32, U8)
    tape.update("a", ["bash", -4, 255], -1)
    assert tape.shown("a", format_="%-6s|%d|%x|%@d|%@x|%@8u|100%%\n") == (
        "bash  |-4|ff|-1|ffffffffffffffff|18446744073709551615|100%\n"
    )
    assert tape.shown("a", format_="%@d %s %d\n") == "-1 bash -4\n"
    assert tape.shown("a", format_="%@d.") == "-1."
    assert tape.shown("a", format_="%s\n") == "bash\n"
    assert tape.shown("a", format_="[%6@d][%-6@d][%+@d][%06@d]") == "[    -1][-1    ][-1][-00001]"


def test_widths_from_keys() -> None:
    tape = Tape()
    tape.aggregation("a", "count", I32, string(8))
    tape.update("a", [6, "ab"], 5)
    assert tape.shown("a", format_="[%*s]") == "[    ab]"
    assert tape.shown("a", format_="[%*@d]") == "[     5]"


def test_printa_of_several_aggregations() -> None:
    tape = Tape()
    tape.aggregation("a", "count", string(8))
    tape.aggregation("b", "avg", string(32))  # capacities may differ
    tape.aggregation("c", "max", string(8))
    tape.update("a", ["x"], 3)
    tape.update("a", ["y"], 1)
    tape.update("b", ["x"], (2, 9))
    tape.update("b", ["z"], (1, 5))
    assert tape.shown("a", "b", "c") == (
        f"  {'z':<50} {0:16} {5:16} {0:16}\n  {'y':<50} {1:16} {0:16} {0:16}\n  {'x':<50} {3:16} {4:16} {0:16}\n"
    )
    assert tape.shown("a", "b", "c", format_="%s %@d %@d %@d %@d\n") == "z 0 5 0 0\ny 1 0 0 0\nx 3 4 0 0\n"


def test_graphs_in_a_format() -> None:
    tape = Tape()
    tape.aggregation("a", "quantize", string(8))
    tape.aggregation("b", "count", string(8))
    tape.update("a", ["x"], histogram(p1=1))
    tape.update("b", ["x"], 1)
    tape.update("b", ["y"], 2)
    rows = tape.shown("a", "b", format_="<%s%@d>%@d\n").splitlines()
    assert rows[0] == "<y"  # an empty graph sorts first
    assert [row[:18].strip() for row in rows[1:5]] == ["value", "-1 |", "0 |", "1 |"]
    assert rows[5:7] == [">2", "<x"]
    assert rows[-1] == ">1"


# ---------------------------------------------------------------- the end


def test_what_no_printa_printed_is_printed_at_the_end() -> None:
    tape = Tape()
    for name in ("b", "a", "c"):
        tape.aggregation(name, "count", I32)
        tape.update(name, [ord(name)], 1)
    tape.play(tape.record([{"do": "printa", "aggs": ["a"], "format": ""}]))
    tape.out()
    before = len(tape.out())
    tape.consumer.finish()
    assert tape.out()[before:] == f"\n {98:8} {1:16}\n {99:8} {1:16}\n"


def test_the_end_in_reverse() -> None:
    tape = Tape(aggsortrev=True)
    for name in ("a", "b"):
        tape.aggregation(name, "count", string(8))
        tape.update(name, [name + "1"], 1)
        tape.update(name, [name + "2"], 2)
    tape.consumer.finish()
    assert [line.split()[0] for line in tape.out().splitlines()[1:]] == ["b2", "b1", "a2", "a1"]


def test_the_end_without_aggregations_is_a_newline() -> None:
    for options in ({}, {"quiet": True}):
        tape = Tape(**options)
        tape.consumer.finish()
        assert tape.out() == "\n"
