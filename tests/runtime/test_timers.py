"""Timers keep to their absolute deadlines."""

from __future__ import annotations

from collections.abc import Callable

from d2bpf.runtime.timers import NEVER, Timers

SECOND = 1_000_000_000


def always() -> bool:
    return True


def noting(log: list[str], name: str) -> Callable[[], None]:
    return lambda: log.append(name)


def test_no_timers_are_never_due() -> None:
    timers = Timers(5, [])
    assert timers.next == NEVER
    timers.run(1 << 62, always)


def test_first_firing_is_after_a_period() -> None:
    log: list[str] = []
    timers = Timers(100, [(10, noting(log, "a"))])
    timers.run(109, always)
    assert (log, timers.next) == ([], 110)
    timers.run(113, always)
    assert (log, timers.next) == (["a"], 120)


def test_deadlines_do_not_drift_and_missed_ones_are_made_up_for_in_order() -> None:
    log: list[str] = []
    timers = Timers(0, [(10, noting(log, "a")), (25, noting(log, "b"))])
    timers.run(51, always)
    assert log == ["a", "a", "b", "a", "a", "a", "b"]
    assert timers.next == 60


def test_firings_missed_long_ago_are_not_made_up_for() -> None:
    log: list[str] = []
    timers = Timers(0, [(SECOND // 10, noting(log, "a"))])
    timers.run(60 * SECOND, always)
    assert len(log) <= 12
    assert timers.next == 60 * SECOND + SECOND // 10


def test_nothing_fires_once_tracing_has_ended() -> None:
    log: list[str] = []
    timers = Timers(0, [(10, noting(log, "a"))])
    timers.run(100, lambda: len(log) < 3)
    assert log == ["a", "a", "a"]
