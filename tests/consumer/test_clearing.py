"""clear(), trunc() and normalize(), with counts that go on in the kernel: builtins.md 4."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consumer.tape import I32, I64, U64, Tape, counts, histogram, probe, string


def test_clear_keeps_keys_and_loses_no_count() -> None:
    tape = counts((1, 5), (2, 7))
    aggregate = tape.consumer.aggregate("a")
    aggregate.clear()
    assert tape.consumer.printa(["a"], "%d=%@d ")() == b"1=0 2=0 "
    tape.update("a", [1], 6)  # one more came in the kernel
    assert tape.shown("a", format_="%d=%@d ") == "2=0 1=1 "
    aggregate.clear()
    aggregate.clear()
    tape.update("a", [1], 16)
    tape.update("a", [3], 2)
    assert tape.shown("a", format_="%d=%@d ") == "2=0 3=2 1=10 "
    assert tape.deleted == []


def test_printa_and_clear_of_one_batch_see_the_same() -> None:
    """What the kernel adds between the two is printed by the next printa."""
    tape = counts((1, 5), quiet=True)
    show = tape.record([{"do": "printa", "aggs": ["a"], "format": "%@d "}])
    clear = tape.record([{"do": "clear", "aggs": ["a"]}])
    tape.play(show)
    tape.update("a", [1], 8)
    tape.play(clear)
    tape.out()
    tape.play(show)
    assert tape.out() == "5 3 "


def test_clear_of_histograms_and_averages() -> None:
    tape = Tape()
    tape.aggregation("q", "quantize", I32)
    tape.aggregation("v", "avg", I32)
    tape.update("q", [1], histogram(p1=4))
    tape.update("v", [1], (2, 10))
    for name in "qv":
        tape.consumer.aggregate(name).clear()
    tape.update("q", [1], histogram(p1=4, p2=1))
    tape.update("v", [1], (3, 17))
    assert tape.shown("v").split() == ["1", "7"]
    assert [row.split()[-1] for row in tape.shown("q").splitlines()[2:-1]] == ["0", "1", "0"]


@pytest.mark.parametrize("function", ["min", "max"])
def test_clear_of_extremes(function: str) -> None:
    """Cleared keys print 0 until the next update, and the 0 takes no part in it."""
    tape = Tape()
    tape.aggregation("a", function, I32)
    tape.update("a", [1], (5, 1), (-3, 1))
    tape.update("a", [2], (9, 1), (0, 0))
    aggregate = tape.consumer.aggregate("a")
    aggregate.clear()
    assert tape.deleted == ["a"]
    assert tape.shown("a").split() == ["1", "0", "2", "0"]
    tape.update("a", [2], (-7, 1), (0, 0))
    assert sorted(tape.shown("a", format_="%d=%@d ").split()) == ["1=0", "2=-7"]


def test_an_extreme_that_changes_while_it_is_cleared() -> None:
    tape = Tape()
    tape.aggregation("a", "max", I32)
    tape.update("a", [1], (5, 1))
    tape.shown("a")
    aggregate = tape.consumer.aggregate("a")
    tape.consumer.flush()
    aggregate.entries()
    tape.update("a", [1], (8, 1))
    tape.update("a", [2], (4, 1))
    aggregate.clear()
    assert tape.shown("a").split() == ["2", "4", "1", "8"]


def test_trunc_removes_all_and_keeps_what_came_meanwhile() -> None:
    tape = counts((1, 5), (2, 7), quiet=True)
    show = tape.record([{"do": "printa", "aggs": ["a"], "format": "%d=%@d "}])
    trunc = tape.record([{"do": "trunc", "aggs": ["a"]}])
    tape.play(show)
    tape.update("a", [1], 6)
    tape.update("a", [3], 2)
    tape.play(trunc)
    tape.play(show)
    assert tape.out() == "1=5 2=7 "
    assert tape.maps["a"] == {}
    tape.play(show)
    assert tape.out() == "1=5 2=7 1=1 3=2 "


@pytest.mark.parametrize(
    ("count", "kept"), [(2, "1 4"), (-2, "3 2"), (0, ""), (4, "3 2 1 4"), (9, "3 2 1 4"), (-9, "3 2 1 4"), (1, "4")]
)
def test_trunc_to_some(count: int, kept: str) -> None:
    tape = counts((1, 8), (2, 3), (3, 1), (4, 8), quiet=True, aggsortrev=True)  # the order of trunc() is fixed
    trunc = tape.record([{"do": "trunc", "aggs": ["a"]}], I64)
    turn = tape.record([{"do": "setopt", "name": "aggsortrev", "value": "0"}])
    tape.play(trunc, count)
    tape.play(turn)
    assert tape.shown("a", format_="%d ") == "".join(key + " " for key in kept.split())
    tape.update("a", [1], 2)  # the map was emptied: this is new
    expected = {"1": 10 if "1" in kept else 2, "2": 3, "3": 1, "4": 8}
    shown = dict(pair.split("=") for pair in tape.shown("a", format_="%d=%@d ").split())
    assert shown == {key: str(value) for key, value in expected.items() if key in kept or key == "1"}


def test_trunc_of_extremes() -> None:
    tape = Tape()
    tape.aggregation("a", "max", I32)
    for key, value in ((1, 5), (2, 9)):
        tape.update("a", [key], (value, 1))
    tape.consumer.aggregate("a").trunc(1)
    assert tape.shown("a").split() == ["2", "9"]
    tape.update("a", [2], (3, 1))
    assert tape.shown("a").split() == ["2", "9"]
    tape.consumer.aggregate("a").trunc()
    assert tape.shown("a") == ""


def test_trunc_keeps_keys_that_mean_the_same_together() -> None:
    tape = Tape()
    tape.aggregation("a", "count", probe("func"))
    read, also, write = (tape.probe(n, "p", "m", f, "x") for n, f in enumerate(["read", "read", "write"]))
    for site, value in ((read, 3), (also, 4), (write, 5)):
        tape.update("a", [site], value)
    tape.consumer.aggregate("a").trunc(1)
    assert tape.shown("a").split() == ["read", "7"]


@pytest.mark.parametrize("function", ["count", "sum", "max"])
def test_clear_and_trunc_without_keys(function: str) -> None:
    def value(number: int) -> Any:
        return (number, 1) if function == "max" else number

    tape = Tape()
    tape.aggregation("a", function)
    tape.update("a", [], value(5))
    aggregate = tape.consumer.aggregate("a")
    aggregate.trunc(3)
    assert tape.shown("a").split() == ["5"]
    aggregate.clear()
    if function == "max":
        tape.update("a", [], (0, 0))  # emptied, but an array's element is always there
    assert tape.shown("a").split() == ["0"]
    aggregate.trunc()
    assert tape.shown("a") == ""
    tape.update("a", [], value(7))
    assert tape.shown("a").split() == [{"max": "7"}.get(function, "2")]


def test_normalize_through_actions() -> None:
    tape = counts((1, 100), (2, 50), quiet=True)
    show = tape.record([{"do": "printa", "aggs": ["a"], "format": "%d=%@d "}])
    normalize = tape.record([{"do": "normalize", "aggs": ["a"]}], U64)
    denormalize = tape.record([{"do": "denormalize", "aggs": ["a"]}])
    clear = tape.record([{"do": "clear", "aggs": ["a"]}])
    tape.play(normalize, 10)
    tape.play(show)
    tape.play(normalize, 50)
    tape.play(show)
    tape.play(clear)
    tape.update("a", [1], 300)
    tape.out()
    tape.play(show)  # the normalisation outlives clear()
    tape.play(denormalize)
    tape.play(show)
    assert tape.out() == "2=5 1=10 2=1 1=2 2=0 1=4 2=0 1=200 "


def test_histograms_normalize_their_counts_only() -> None:
    tape = Tape()
    tape.aggregation("a", "quantize")
    tape.update("a", [], histogram(p1=30, p2=10))
    plain = tape.shown("a").splitlines()
    tape.consumer.aggregate("a").normalize(10)
    normal = tape.shown("a").splitlines()
    assert [row[:59] for row in plain] == [row[:59] for row in normal]
    assert [row.split()[-1] for row in normal[2:6]] == ["0", "3", "1", "0"]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from("abc"), st.integers(-5, 5)),
            st.sampled_from(["print", "clear", "trunc", "trunc1", "batch"]),
        ),
        max_size=40,
    ),
    st.sampled_from(["count", "sum"]),
)
def test_no_count_is_ever_lost(steps: list[Any], function: str) -> None:
    """However reads, updates, clear() and trunc() fall between each other: what was printed before each removal, and what is
    left, adds up to all updates."""
    tape = Tape(quiet=True)
    tape.aggregation("a", function, string(8))
    aggregate = tape.consumer.aggregate("a")
    kernel: dict[str, int] = {}
    added: dict[str, int] = {}
    removed: dict[str, int] = {}

    def now() -> dict[str, int]:
        return {e.order[0].decode(): aggregate.function.value(e.total, 1, {}) for e in aggregate.entries()}

    for step in steps:
        if isinstance(step, tuple):
            key, value = step[0], abs(step[1]) if function == "count" else step[1]
            if not tape.maps["a"]:
                kernel.clear()
            kernel[key] = kernel.get(key, 0) + value
            added[key] = added.get(key, 0) + value
            tape.update("a", [key], kernel[key])
        elif step == "batch":
            aggregate.expire()
        elif step in ("clear", "trunc", "trunc1"):
            before = now()
            if step == "clear":
                aggregate.clear()
            else:
                aggregate.trunc(1 if step == "trunc1" else None)
            after = now()
            for key, value in before.items():
                removed[key] = removed.get(key, 0) + value - after.get(key, 0)
        else:
            now()
    aggregate.expire()
    left = now()
    total = {key: removed.get(key, 0) + left.get(key, 0) for key in removed.keys() | left.keys()}
    assert {k: v for k, v in total.items() if v} == {k: v for k, v in added.items() if v}
