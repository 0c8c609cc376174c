"""The arithmetic of the benchmarks."""

from __future__ import annotations

from tests.bench.measure import Contender, Series, Unavailable, number, paired, rows


def test_contenders_take_turns_and_the_first_round_is_thrown_away() -> None:
    calls: list[str] = []

    def contender(name: str) -> Contender:
        def measure() -> float:
            calls.append(name)
            return float(len(calls))

        return Contender(name, measure)

    first, second = paired([contender("a"), contender("b")], rounds=2)
    assert calls == ["a", "b"] * 3
    assert (first.values, second.values) == ([3.0, 5.0], [4.0, 6.0])


def test_a_contender_that_cannot_run_says_why() -> None:
    def missing() -> float:
        raise Unavailable("no bpftrace")

    series = paired([Contender("a", lambda: 2.0), Contender("b", missing)], rounds=3)
    assert rows(series, "ms", {"x a": "a", "x b": "b"}) == [
        ["a", "2.00 ms", "2.00 ms", "", ""],
        ["b", "n/a: no bpftrace", "", "", ""],
    ]


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    mine, theirs = Series("mine", [1.0, 9.0, 2.0]), Series("theirs", [2.0, 3.0, 8.0])
    assert mine.ratio(theirs) == 0.5
    assert rows([mine, theirs], "ns", {"x theirs": "theirs"}) == [
        ["mine", "1.00 ns", "2.00 ns", "0.50"],
        ["theirs", "2.00 ns", "3.00 ns", ""],
    ]


def test_numbers_have_three_digits() -> None:
    assert [number(value, "ns") for value in (0.123, 12.34, 9160.0)] == ["0.12 ns", "12.3 ns", "9160 ns"]
