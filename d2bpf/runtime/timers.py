"""Timers that run handlers from user space (tick probes), by absolute deadlines so that they do not drift."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NEVER = 1 << 63
_CATCH_UP = 1_000_000_000  # ns: firings missed longer ago (the process was stopped) are not made up for


class _Timer:
    def __init__(self, due: int, period: int, fire: Callable[[], object]) -> None:
        self.due = due
        self.period = period
        self.fire = fire


class Timers:
    """`Timers(now, [(period, fire), ...])`: each `fire` is called once per period, first a period from `now`.
    All times in ns of one clock. `next` is when `run` has something to do."""

    def __init__(self, now: int, timers: Sequence[tuple[int, Callable[[], object]]]) -> None:
        self._timers = [_Timer(now + period, period, fire) for period, fire in timers]
        self.next = min((timer.due for timer in self._timers), default=NEVER)

    def run(self, now: int, active: Callable[[], bool]) -> None:
        """Fire what is due, in order of deadlines, while `active()`."""
        while self.next <= now and active():
            timer = min(self._timers, key=lambda timer: timer.due)
            too_late = max(0, now - timer.due - _CATCH_UP) // timer.period
            timer.due += timer.period * (1 + too_late)
            timer.fire()
            self.next = min(timer.due for timer in self._timers)
