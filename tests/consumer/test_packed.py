"""agghist and aggpack: output.md 5.4 and 5.5."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consumer.tape import I8, I16, I32, I64, Tape, stack, string
from tests.consumer.test_histograms import quantized


def tape(function: str, *keys: Any, params: Any = (), **options: Any) -> Tape:
    made = Tape(**options)
    made.aggregation("a", function, *keys, params=params)
    return made


# ---------------------------------------------------------------- agghist


def test_one_histogram_over_all_keys() -> None:
    made = tape("count", string(16), agghist=True)
    made.update("a", ["bash"], 4)
    made.update("a", ["sshd"], 12)
    assert made.shown("a") == (
        "\n"
        "              key  ------------- Distribution ------------- count    \n"
        "             bash |@@@@@@@@@@                               4        \n"
        "             sshd |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@           12       \n"
    )


def test_widths_of_several_keys() -> None:
    made = tape("sum", I8, I16, I32, I64, string(8), agghist=True)
    made.update("a", [1, 2, 3, 4, "x"], 7)
    header, line = made.shown("a").splitlines()[1:]
    assert header == f"{'key':>53}  {'------------- Distribution -------------'} {'count':<9}"
    assert line == f" {1:3} {2:5} {3:8} {4:16} {'x':>16} |{'@' * 40} {7:<9}"


def test_negative_values_in_one_histogram() -> None:
    made = tape("sum", I32, agghist=True)
    made.update("a", [1], -1)
    made.update("a", [2], 3)
    assert made.shown("a").splitlines()[2:] == [
        f" {1:8} {'@' * 5:>20}|{'':<20} {-1:<9}",
        f" {2:8} {'':>20}|{'@' * 15:<20} {3:<9}",
    ]


def test_averages_zoomed_and_normalized() -> None:
    made = tape("avg", I32, agghist=True, aggzoom=True)
    made.update("a", [1], (2, 40))
    made.update("a", [2], (1, 100))
    made.consumer.aggregate("a").normalize(10)
    assert made.shown("a").splitlines()[2:] == [
        f" {1:8} |{'@' * 8:<40} {2:<9}",
        f" {2:8} |{'@' * 38:<40} {10:<9}",
    ]


def test_no_keys_and_no_entries() -> None:
    made = tape("count", agghist=True)
    assert made.shown("a") == ""
    made.update("a", [], 3)
    assert made.shown("a").splitlines() == [
        "",
        f" {' ------------- Distribution -------------'} {'count':<9}",
        f" |{'@' * 40} {3:<9}",
    ]


@pytest.mark.parametrize("function", ["min", "max"])
def test_extremes_keep_the_default_layout(function: str) -> None:
    made = tape(function, I32, agghist=True, aggpack=True)
    made.update("a", [1], (5, 1))
    assert made.shown("a") == f" {1:8} {5:16}\n"


def test_stacks_as_keys_keep_the_default_layout() -> None:
    made = tape("count", stack(1), agghist=True)
    made.update("a", [[0x11]], 5)
    assert made.shown("a") == f"\n{'':14}0x11\n {5:16}\n"


def test_formats_and_several_aggregations_are_left_alone() -> None:
    made = tape("count", I32, agghist=True)
    made.aggregation("b", "count", I32)
    for name in "ab":
        made.update(name, [1], 5)
    assert made.shown("a", format_="%d %@d") == "1 5"
    assert made.shown("a", "b") == f" {1:8} {5:16} {5:16}\n"


# ---------------------------------------------------------------- aggpack


def test_quantize_lines() -> None:
    made = tape("quantize", string(16), aggpack=True, encoding="ascii")
    made.update("a", ["bash"], quantized(p1=2, p2=7, p3=6, p4=2))
    made.update("a", ["sshd"], quantized(p6=1))
    assert made.shown("a") == (
        "\n"
        "              key  min .--------. max  | count\n"
        "             sshd    0 :      X : 64   | 1\n"
        "             bash    0 : _xx_   : 64   | 17\n"
    )


def test_wide_bounds_and_no_keys() -> None:
    made = tape("quantize", aggpack=True, encoding="ascii")
    made.update("a", [], quantized(n14=1, p14=1))
    assert made.shown("a") == (
        "\n    min .-------------------------------. max   | count\n -16384 : x                           x : 16384 | 2\n"
    )


def test_lquantize_lines() -> None:
    made = tape("lquantize", I32, params=(0, 10, 3), aggpack=True, encoding="ascii")
    made.update("a", [5], [1, 0, 2, 4, 0])
    made.update("a", [6], [0, -1, 1, 0, 1])
    made.consumer.aggregate("a").normalize(2)
    assert made.shown("a") == (
        "\n"
        "      key     min .-----. max      | count\n"
        "        6     < 0 : vx x: >= 9     | 0\n"
        "        5     < 0 :_ xx : >= 9     | 3\n"
    )


def test_characters() -> None:
    made = tape("lquantize", params=(0, 6, 1), aggpack=True, encoding="utf8")
    made.update("a", [], [1, 2, 4, 0, 8, 16, 32, 1])
    assert made.shown("a").splitlines()[2][10:18] == "▁▁▁ ▂▃▅▁"
    made = tape("lquantize", params=(0, 6, 1), aggpack=True, aggzoom=True, encoding="ascii")
    made.update("a", [], [1, 2, 4, 0, 8, 16, 32, 1])
    assert made.shown("a").splitlines()[2][10:18] == "___ xxX_"


def test_terminal_decides_where_the_encoding_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tape("quantize", aggpack=True)
    made.update("a", [], quantized(p1=1))
    for terminal, full in (("dumb", "X"), ("sun", "X"), ("xterm", "█"), ("", "█")):
        monkeypatch.setenv("TERM", terminal)
        assert made.shown("a").splitlines()[2] == f"    0 : {full} : 2    | 1"


def test_other_functions_keep_their_graphs() -> None:
    made = tape("llquantize", params=(10, 0, 1, 10), aggpack=True)
    made.update("a", [], [0] * 38 + [1])
    assert "Distribution" in made.shown("a")
