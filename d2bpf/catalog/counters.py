"""Hook of the cpc provider: EVENT-MODE-COUNT is made when a description names it, for any count.

-l shows each event the machine has with a customary count, and only those answer to patterns (providers.md section 16.5).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .glob import literal
from .on_demand import OnDemand
from .schema import Attachment, Native, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table

# What perf has behind an event's name to count it in one mode only.
_MODES = {"all": "", "user": ":u", "kernel": ":k"}

_NATIVES = (Native("kernel_pc", "uint64_t", ("pc", "kernel")), Native("user_pc", "uint64_t", ("pc", "user")))


class Counters(OnDemand):
    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int], new_id: Callable[[], int]) -> None:
        super().__init__(name, table, facts, first, new_id)
        self._counters: list[dict[str, Any]] = table["counter"]
        self._events = {event: row for row in self._counters for event in row["names"]}

    @cached_property
    def listed(self) -> list[str]:
        return [f"{row['names'][0]}-all-{row['listed']}" for row in self._counters]

    def why_not(self, desc: ProbeDesc) -> str | None:
        """What is wrong with a name, or with the machine for it."""
        name = literal(desc.name) or ""
        event, mode, count = _parts(name)
        row = self._events.get(event)
        if not mode:
            return None
        if row is None:
            return f"there is no event {event}: the events are {', '.join(self._events)}"
        if not self.facts.has(f"perf:{row['event']}"):
            return f"this machine's processors do not count {event}, or the kernel does not have their counters"
        if mode not in _MODES or not count.isdecimal():
            return f"{name} is no {event}-MODE-COUNT: MODE is one of {', '.join(_MODES)}"
        return f"{name} is too fast: the least count of {event} is {row['least']}"

    def site(self, name: str) -> Site | None:
        event, mode, count = _parts(name)
        row = self._events.get(event)
        if row is None or mode not in _MODES or not count.isdecimal() or int(count) < row["least"]:
            return None
        if not self.facts.has(f"perf:{row['event']}"):
            return None
        return Site(Attachment("perf", (row["event"] + _MODES[mode], int(count), 0, "all")), _NATIVES)


def _parts(name: str) -> tuple[str, str, str]:
    """Event, mode and count of a name; what does not stand there is "". Options of another system's hardware stand between
    mode and count, and mean nothing here."""
    words = name.split("-")
    return (words[0], words[1], words[-1]) if len(words) in (3, 4) else (words[0], "", "")
