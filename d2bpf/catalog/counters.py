"""Hook of the cpc provider: EVENT-MODE-COUNT is made when a description names it, for any count.

-l shows each event the machine has with a customary count, and only those answer to patterns (providers.md section 16.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from .glob import literal, matches
from .load import Provider
from .schema import Attachment, Native, Probe, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table

# What perf has behind an event's name to count it in one mode only.
_MODES = {"all": "", "user": ":u", "kernel": ":k"}

_NATIVES = (Native("kernel_pc", "uint64_t", ("pc", "kernel")), Native("user_pc", "uint64_t", ("pc", "user")))


class Counters(Provider):
    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int], new_id: Callable[[], int]) -> None:
        """`new_id` hands out ids for probes made on demand."""
        super().__init__(name, table, facts, first)
        self._events: dict[str, dict[str, Any]] = {event: row for row in table["counter"] for event in row["names"]}
        self._listed = [f"{row['names'][0]}-all-{row['listed']}" for row in table["counter"]]
        self._made: dict[str, Probe] = {}
        self._new_id = new_id

    def count(self) -> int:
        return len(self._listed)

    def probe(self, index: int) -> Probe | None:
        return self._counter(self._listed[index], index)

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        del program_literals
        if not matches(desc.module, "") or not matches(desc.function, ""):
            return
        name = literal(desc.name) if desc.name else None
        if name is not None and name not in self._listed:
            probe = self._counter(name, None)
            if probe is not None:
                yield probe
            return
        for index, listed in enumerate(self._listed):
            if matches(desc.name, listed):
                probe = self._counter(listed, index)
                if probe is not None:
                    yield probe

    def names(self) -> Iterator[tuple[str, str]]:
        return (("", name) for name in chain(self._listed, self._made))

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

    def _counter(self, name: str, index: int | None) -> Probe | None:
        if name in self._made:
            return self._made[name]
        event, mode, count = _parts(name)
        row = self._events.get(event)
        if row is None or mode not in _MODES or not count.isdecimal() or int(count) < row["least"]:
            return None
        if not self.facts.has(f"perf:{row['event']}"):
            return None
        id = self._new_id() if index is None else self.first + index
        attached = Attachment("perf", (row["event"] + _MODES[mode], int(count), 0, "all"))
        made = self._made[name] = Probe(id, self.name, "", "", name, (Site(attached, _NATIVES),))
        return made


def _parts(name: str) -> tuple[str, str, str]:
    """Event, mode and count of a name; what does not stand there is "". Options of another system's hardware stand between
    mode and count, and mean nothing here."""
    words = name.split("-")
    return (words[0], words[1], words[-1]) if len(words) in (3, 4) else (words[0], "", "")
